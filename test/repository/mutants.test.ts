import { fileURLToPath } from "node:url";
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

test("names of mutants are unique, and each explained mutant exists", () => {
  const names = mutants.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(Object.keys(explained).filter((name) => !names.includes(name))).toEqual([]);
});
