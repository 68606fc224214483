import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { errorCodes, getErrorRecord } from "../../core/src/api/error-codes.js";
import { listFiles } from "./source-files.js";
import { ROOT } from "../tree.js";

const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** The codes in the headings of docs/reference/errors.md. */
function listCodesOfPage(): string[] {
  return [...readText("docs/reference/errors.md").matchAll(/^### `([\w-]+)`$/gm)].map(
    ([, code = ""]) => code,
  );
}

test("docs/reference/errors.md has a section for exactly the error codes of the code", () => {
  expect(listCodesOfPage().sort()).toEqual([...errorCodes].sort());
});

/** Finds the section of a code: the anchor of its group, and its text as plain text on one line. */
function findSection(code: string): { group: string | undefined; text: string } {
  const [before = "", section = ""] = readText("docs/reference/errors.md").split(`\n### \`${code}\`\n`);
  const heading = [...before.matchAll(/^## (.+)$/gm)].at(-1)?.[1];
  const text = section.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/\s+/g, " ");
  return {
    group: heading
      ?.toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
    text: text.trim(),
  };
}

test.each(errorCodes)(
  "the section of %s begins with the meaning in its record, in the group that it names",
  (code) => {
    const { meaning, group } = getErrorRecord(code);
    const page = findSection(code);
    expect([page.group, page.text.slice(0, meaning.length)]).toEqual([group, meaning]);
  },
);

test("each error code is used by the code", () => {
  const code = ["core/src", "provider/src", "plugin/src"]
    .flatMap((folder) => listFiles(folder).map((file) => path.join(folder, file)))
    .filter((file) => !file.endsWith("/error-codes.ts"))
    .map(readText)
    .join("\n");
  expect(errorCodes.filter((one) => !code.includes(`"${one}"`))).toEqual([]);
});
