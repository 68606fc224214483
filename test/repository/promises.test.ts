/** PROMISES.md: the tests and the mutants of each promise of SECURITY.md. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { mutants } from "../mutants/index.mjs";
import { ROOT } from "../tree.js";

const readText = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

interface Row {
  promise: string;
  owners: string;
  wiring: string;
  /** The word that selects the mutants, or "" if there are none. */
  word: string;
}

const rows = readText("PROMISES.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (?:promise|---) \|/.test(line))
  .map((line): Row => {
    const [promise = "", owners = "", wiring = "", word = ""] = line.slice(2, -2).split(" | ");
    return { promise, owners, wiring, word: /^`(.+)`$/.exec(word)?.[1] ?? "" };
  });
const words = rows.flatMap(({ word }) => (word === "" ? [] : [word]));

/** Lists the tests that a cell links to, each with the title after the link. */
const listTests = (cell: string) =>
  [...cell.matchAll(/\[[^\]]+\]\(([^)]+)\)(?:: "([^"]+)")?/g)].map(([, file = "", title]) => ({
    file,
    title,
  }));

test("each promise has a row, with a test that owns it", () => {
  expect(rows.length).toBeGreaterThanOrEqual(40);
  expect(rows.filter(({ owners }) => listTests(owners).length === 0)).toEqual([]);
});

describe("a test that a row names", () => {
  const tests = rows.flatMap(({ owners, wiring }) => [...listTests(owners), ...listTests(wiring)]);

  test("exists", () => {
    expect(
      tests.filter(({ file }) => !file.endsWith(".test.ts") || !existsSync(path.join(ROOT, file))),
    ).toEqual([]);
  });

  test("contains the title next to it", () => {
    const isMissing = ({ file, title }: (typeof tests)[number]) =>
      title !== undefined && !readText(file).includes(title);
    expect(tests.filter(isMissing)).toEqual([]);
  });
});

describe("the word of a row", () => {
  test("selects mutants, and each mutant has a row", () => {
    expect([...words].sort()).toEqual([...new Set(mutants.map(({ promise }) => promise))].sort());
    expect(new Set(words).size).toBe(words.length);
  });

  test("selects a mutant that fails a test of the row, or a cell of the table of faults", () => {
    const isElsewhere = ({ word, owners }: Row) => {
      const files = listTests(owners).map(({ file }) => file);
      const own = mutants.filter(({ promise }) => promise === word);
      return !own.some(({ test: file, cells }) => cells !== undefined || files.includes(file ?? ""));
    };
    expect(rows.filter(({ word }) => word !== "").filter(isElsewhere)).toEqual([]);
  });
});
