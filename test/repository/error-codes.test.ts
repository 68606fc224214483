import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "../../core/src/api/error-codes.js";
import { listFiles } from "./source-files.js";
import { ROOT } from "../tree.js";

const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** The codes in the first column of the table of the section "Errors". */
function listCodesInReadme(): string[] {
  const section = /^## Errors$(.*?)^## /ms.exec(readText("README.md"))?.[1] ?? "";
  const cells = section.split("\n").flatMap((line) => /^\| (`[^|]*) \|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, code = ""]) => code));
}

test("the table in the README has exactly the error codes of the code", () => {
  expect(listCodesInReadme().sort()).toEqual([...errorCodes].sort());
});

test("each error code is used by the code", () => {
  const code = ["core/src", "provider/src"]
    .flatMap((folder) => listFiles(folder).map((file) => path.join(folder, file)))
    .filter((file) => !file.endsWith("/error-codes.ts"))
    .map(readText)
    .join("\n");
  expect(errorCodes.filter((one) => !code.includes(`"${one}"`))).toEqual([]);
});
