import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { formatCount, pluralize } from "../../core/src/text/phrases.js";
import { ROOT } from "../tree.js";
import { listFiles } from "./source-files.js";

/** A plural after a value in a template: wrong if the value can be 1. `formatCount` and `pluralize` write both forms. */
const FIXED_PLURAL =
  /\$\{(?!String\(MAX_)[^{}]*\}\)?( more| other)? (adoption|attempt|change|character|connection|destination|error|line|name|note|organization|problem|request|resource|stack|type|violation|warning)s\b/;
/** An abbreviation for both forms. */
const BOTH_FORMS = /[a-z]\(s\)(?! *=>)/;

const isFixed = (line: string) => FIXED_PLURAL.test(line) || BOTH_FORMS.test(line);

test.each(["core/src", "provider/src", "cli/src", "tools", "examples"])(
  "messages in %s have the correct form for a count of 1",
  (folder) => {
    const found = listFiles(folder)
      .filter((file) => /\.(ts|mjs)$/.test(file))
      .flatMap((file) =>
        readFileSync(path.join(ROOT, folder, file), "utf8")
          .split("\n")
          .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && isFixed(line))
          .map((line) => `${folder}/${file}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  },
);

describe("a count and its noun", () => {
  test("have one form for 1, and the other for each other count", () => {
    expect([0, 1, 2].map((count) => formatCount(count, "more connection"))).toEqual([
      "0 more connections",
      "1 more connection",
      "2 more connections",
    ]);
    expect([1, 2].map((count) => formatCount(count, "is", "are"))).toEqual(["1 is", "2 are"]);
    expect([1, 2].map((count) => pluralize(count, "stops", "stop"))).toEqual(["stops", "stop"]);
  });

  test("are found if the form is fixed", () => {
    for (const line of ["`${count} connections`", "`${n} more errors`", '"stack(s)"'])
      expect(isFixed(line)).toBe(true);
    for (const line of ["`${formatCount(1, 'connection')} of`", "list.map((s) => s)"])
      expect(isFixed(line)).toBe(false);
  });
});
