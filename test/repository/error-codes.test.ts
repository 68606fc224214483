import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "../../core/src/api/error-codes.js";
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

test("each error code is used by the code", () => {
  const code = ["core/src", "provider/src", "plugin/src"]
    .flatMap((folder) => listFiles(folder).map((file) => path.join(folder, file)))
    .filter((file) => !file.endsWith("/error-codes.ts"))
    .map(readText)
    .join("\n");
  expect(errorCodes.filter((one) => !code.includes(`"${one}"`))).toEqual([]);
});
