import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { expect, test } from "vitest";
import { explained, mutants } from "../mutants/index.mjs";
import { applyMutant } from "../mutants/apply-mutant.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * `npm run mutants` takes too long for every change. This test quickly finds mutants that no longer match.
 */
test("the text of each mutant occurs exactly once in its file", () => {
  const stale = mutants.filter((mutant) => {
    try {
      return applyMutant(root, mutant).text === "";
    } catch {
      return true;
    }
  });
  expect(stale.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
});

const linter = new Linter();

/** Lists the names that a source file uses but does not define, including those of Node, as messages of the linter. */
const listUndefinedNames = (text: string): string[] =>
  linter
    .verify(
      text,
      [
        {
          files: ["**/*.ts"],
          languageOptions: { parser: tseslint.parser },
          rules: { "no-undef": "error" },
        },
      ],
      "mutant.ts",
    )
    .map(({ message }) => message);

const listWords = (text: string): string[] => text.match(/[\w$]+/g) ?? [];

test("no mutant uses a name that its file does not define, because it would fail every test for that reason", () => {
  const failing = mutants.flatMap((mutant) => {
    const { file, text } = applyMutant(root, mutant);
    const original = readFileSync(join(root, file), "utf8");
    const removed = new Set(listWords(mutant.find));
    // Parse only files with other words than before, because parsing all takes half a minute.
    if (listWords(mutant.replace).every((word) => removed.has(word))) return [];
    const before = new Set(listUndefinedNames(original));
    return listUndefinedNames(text).flatMap((message) =>
      before.has(message) ? [] : [`${mutant.name}: ${message}`],
    );
  });
  expect(failing).toEqual([]);
});

test("names of mutants are unique, and each explained mutant exists", () => {
  const names = mutants.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(Object.keys(explained).filter((name) => !names.includes(name))).toEqual([]);
});
