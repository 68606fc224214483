import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { applyMutant } from "./apply-mutant.mjs";
import { mutants } from "./index.mjs";

/**
 * Lists what is wrong with the mutants, without running a test.
 * @param {string} root the folder of the repository
 * @returns {string[]}
 */
export function checkMutants(root) {
  const names = mutants.map(({ name }) => name);
  return [
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name}: the name occurs twice`),
    ...mutants.flatMap((mutant) => checkMutant(root, mutant).map((why) => `${mutant.name}: ${why}`)),
  ];
}

/**
 * @param {string} root
 * @param {import("./index.mjs").Mutant} mutant
 * @returns {string[]}
 */
function checkMutant(root, mutant) {
  const { test, cells } = mutant;
  if (test === undefined && cells === undefined) return ["nothing should fail"];
  if (test !== undefined && !existsSync(join(root, test))) return [`there is no ${test}`];
  let file, text;
  try {
    ({ file, text } = applyMutant(root, mutant));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const removed = new Set(listWords(mutant.find));
  // Parse only files with other words than before, because parsing all takes half a minute.
  if (listWords(mutant.replace).every((word) => removed.has(word))) return [];
  // A name that the file does not define would fail every test for that reason.
  const before = new Set(listUndefinedNames(readFileSync(join(root, file), "utf8")));
  return listUndefinedNames(text).filter((message) => !before.has(message));
}

const linter = new Linter();

/**
 * Lists the names that a source file uses but does not define, including those of Node, as messages of the linter.
 * @param {string} text
 */
const listUndefinedNames = (text) =>
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

/**
 * @param {string} text
 * @returns {string[]}
 */
const listWords = (text) => text.match(/[\w$]+/g) ?? [];
