import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "../../core/src/api/error-codes.js";
import { filesIn } from "./source-files.js";
import { ROOT } from "../tree.js";

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** The codes in the first column of the table of the section "Errors". */
function codesInReadme(): string[] {
  const section = /^## Errors$(.*?)^## /ms.exec(read("README.md"))?.[1] ?? "";
  const cells = section.split("\n").flatMap((line) => /^\| (`[^|]*) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, code = ""]) => code));
}

test("the README has one row for each error code, and for no other", () => {
  expect(codesInReadme().sort()).toEqual([...errorCodes].sort());
});

test("each error code is used by the code", () => {
  const code = ["core/src", "provider/src"]
    .flatMap((folder) => filesIn(folder).map((file) => path.join(folder, file)))
    .filter((file) => !file.endsWith("/error-codes.ts"))
    .map(read)
    .join("\n");
  expect(errorCodes.filter((one) => !code.includes(`"${one}"`))).toEqual([]);
});
