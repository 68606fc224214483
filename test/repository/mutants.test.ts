import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { explained, mutants } from "../mutants/index.mjs";
import { mutated } from "../mutants/mutated.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `npm run mutants` takes too long for every change; this tells at once that a change has left a mutant behind. */
test("each mutant takes out a text that is in its file, once", () => {
  const stale = mutants.filter((mutant) => {
    try {
      return mutated(root, mutant).text === "";
    } catch {
      return true;
    }
  });
  expect(stale.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
});

test("mutants have names of their own, and each that is explained exists", () => {
  const names = mutants.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(Object.keys(explained).filter((name) => !names.includes(name))).toEqual([]);
});
