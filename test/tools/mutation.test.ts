import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { belowBaseline, tallyOf, undetectedIn } from "../../tools/mutation/baseline.mjs";
import { folders } from "../../tools/mutation/folders.mjs";
import { isSampled, SEED, type Mutation } from "../../tools/mutation/sample.mjs";
import { ROOT } from "../tree.js";
import { filesIn } from "../repository/source-files.js";

const recorded = JSON.parse(readFileSync(path.join(ROOT, "test/mutation/baseline.json"), "utf8")) as {
  seed: number;
  sample: Record<string, { share: number; score: number }>;
};

const mutant = (status: string) => ({
  status,
  mutatorName: "BooleanLiteral",
  replacement: "false",
  location: { start: { line: 3, column: 7 } },
});
const reportOf = (...statuses: string[]) => ({ files: { "a.ts": { mutants: statuses.map(mutant) } } });

describe("the score of a folder", () => {
  test("counts what a test noticed, the clock included, among what could be noticed", () => {
    const report = reportOf("Killed", "Timeout", "Survived", "NoCoverage", "CompileError", "RuntimeError");
    expect(tallyOf(report)).toEqual({
      killed: 1,
      timeout: 1,
      survived: 1,
      noCoverage: 1,
      errors: 1,
      score: 50,
    });
  });

  test("has two decimals", () => {
    expect(tallyOf(reportOf("Killed", "Killed", "Survived")).score).toBe(66.67);
  });

  test("of no mutants is 0: a run that tests nothing must not pass", () => {
    expect(tallyOf(reportOf("CompileError")).score).toBe(0);
  });

  test("comes with the mutants that no test noticed", () => {
    expect(undetectedIn(reportOf("Killed", "Timeout", "CompileError", "Survived"))).toEqual([
      "Survived a.ts:3:7 BooleanLiteral: false",
    ]);
  });
});

describe("the comparison with the baseline", () => {
  const share = 0.1;
  const baseline = { client: { share, score: 80 }, policy: { share, score: 70.5 } };

  test("names each folder that is worse", () => {
    const tallies = { client: { share, score: 79.99 }, policy: { share, score: 70.49 } };
    expect(belowBaseline(tallies, baseline)).toEqual([
      "client: score 79.99 is below its baseline 80.00",
      "policy: score 70.49 is below its baseline 70.50",
    ]);
  });

  test("accepts the same score and a better one", () => {
    const tallies = { client: { share, score: 80 }, policy: { share, score: 70.51 } };
    expect(belowBaseline(tallies, baseline)).toEqual([]);
  });

  test("does not accept a folder or a sample without a recorded score", () => {
    const tallies = { client: { share: 0.2, score: 100 }, changes: { share, score: 100 } };
    expect(belowBaseline(tallies, baseline)).toEqual([
      "client: no score of this sample is recorded; record it with --write",
      "changes: no score of this sample is recorded; record it with --write",
    ]);
  });
});

test("each folder has a recorded score of its sample", () => {
  expect(recorded.seed).toBe(SEED);
  const tallies = Object.entries(folders).map(([name, { share }]) => [name, { share, score: 100 }] as const);
  expect(belowBaseline(Object.fromEntries(tallies), recorded.sample)).toEqual([]);
});

describe("the sample", () => {
  const source = "const a = one === two;\nconst b = one === two;\n";
  const at = (line: number, fileName = "folder/file.ts"): Mutation => ({
    fileName,
    mutatorName: "EqualityOperator",
    replacement: "one !== two",
    location: { start: { line, column: 10 }, end: { line, column: 21 } },
  });
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  const chosen = (mutation: Mutation, text = source, share = 0.25) =>
    seeds.map((seed) => isSampled(mutation, text, { seed, share }));

  test("stays the same when a file moves and lines are added", () => {
    expect(chosen(at(3, "elsewhere/deep/file.ts"), `// new\n\n// lines\n${source}`)).toEqual(chosen(at(0)));
  });

  test("decides anew for another file, mutator, replacement, occurrence and seed", () => {
    const first = chosen(at(0));
    for (const other of [
      at(0, "folder/other.ts"),
      { ...at(0), mutatorName: "ConditionalExpression" },
      { ...at(0), replacement: "true" },
      at(1),
    ]) {
      expect(chosen(other)).not.toEqual(first);
    }
    expect(new Set(first).size).toBe(2);
  });

  test("takes the share that is asked for", () => {
    const taken = chosen(at(0)).filter(Boolean).length;
    expect(taken).toBeGreaterThan(60);
    expect(taken).toBeLessThan(140);
    expect(chosen(at(0), source, 1)).not.toContain(false);
    expect(chosen(at(0), source, 0)).not.toContain(true);
  });
});

test.each(Object.entries(folders))("the globs of %s find sources", (_name, { mutate }) => {
  for (const glob of mutate) {
    const [folder = ""] = glob.split("/**");
    expect(filesIn(folder).length).toBeGreaterThan(0);
  }
});
