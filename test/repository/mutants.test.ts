import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { explained, mutants } from "../mutants/index.mjs";

const sources = new URL("../../provider/src/", import.meta.url);

/** `npm run mutants` takes too long for every change; this tells at once that a change has left a mutant behind. */
test("each mutant takes out a text that stands in its file, once", () => {
  const stale = mutants.filter(({ file, find, replace }) => {
    const text = readFileSync(fileURLToPath(new URL(file, sources)), "utf8");
    return text.split(find).length !== 2 || find === replace;
  });
  expect(stale.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
});

test("mutants have names of their own, and each that is explained exists", () => {
  const names = mutants.map(({ name }) => name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(Object.keys(explained).filter((name) => !names.includes(name))).toEqual([]);
});
