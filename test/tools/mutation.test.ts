import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { compareWithBaseline, computeTally, listUndetected } from "../../tools/mutation/baseline.mjs";
import { SEED, folders } from "../../tools/mutation/folders.mjs";
import { isSampled, type Mutation } from "../../tools/mutation/sample-checker.mjs";
import { ROOT } from "../tree.js";
import { listFiles } from "../repository/source-files.js";

const savedBaseline = JSON.parse(readFileSync(path.join(ROOT, "test/mutation/baseline.json"), "utf8")) as {
  seed: number;
  sample: Record<string, { share: number; score: number }>;
};

const createMutant = (status: string) => ({
  status,
  mutatorName: "BooleanLiteral",
  replacement: "false",
  location: { start: { line: 3, column: 7 } },
});
const createReport = (...statuses: string[]) => ({
  files: { "a.ts": { mutants: statuses.map(createMutant) } },
});

describe("the score of a folder", () => {
  test("counts detected mutants, including timeouts, among the valid ones", () => {
    const report = createReport(
      "Killed",
      "Timeout",
      "Survived",
      "NoCoverage",
      "CompileError",
      "RuntimeError",
    );
    expect(computeTally(report)).toEqual({
      killed: 1,
      timeout: 1,
      survived: 1,
      noCoverage: 1,
      errors: 1,
      score: 50,
    });
  });

  test("has two decimals", () => {
    expect(computeTally(createReport("Killed", "Killed", "Survived")).score).toBe(66.67);
  });

  test("without mutants is 0: a run that tests nothing must not pass", () => {
    expect(computeTally(createReport("CompileError")).score).toBe(0);
  });

  test("comes with the undetected mutants", () => {
    expect(listUndetected(createReport("Killed", "Timeout", "CompileError", "Survived"))).toEqual([
      "Survived a.ts:3:7 BooleanLiteral: false",
    ]);
  });
});

describe("the comparison with the baseline", () => {
  const share = 0.1;
  const baseline = { client: { share, score: 80 }, policy: { share, score: 70.5 } };

  test("names each folder with a lower score", () => {
    const tallies = { client: { share, score: 79.99 }, policy: { share, score: 70.49 } };
    expect(compareWithBaseline(tallies, baseline)).toEqual([
      "client: score 79.99 is below its baseline 80.00",
      "policy: score 70.49 is below its baseline 70.50",
    ]);
  });

  test("accepts the same and a higher score", () => {
    const tallies = { client: { share, score: 80 }, policy: { share, score: 70.51 } };
    expect(compareWithBaseline(tallies, baseline)).toEqual([]);
  });

  test("does not accept a folder or a sample without a recorded score", () => {
    const tallies = { client: { share: 0.2, score: 100 }, changes: { share, score: 100 } };
    expect(compareWithBaseline(tallies, baseline)).toEqual([
      "client: no score of this sample is saved; save it with --write",
      "changes: no score of this sample is saved; save it with --write",
    ]);
  });
});

test("each folder has a recorded score of its sample", () => {
  expect(savedBaseline.seed).toBe(SEED);
  const tallies = Object.entries(folders).map(([name, { share }]) => [name, { share, score: 100 }] as const);
  expect(compareWithBaseline(Object.fromEntries(tallies), savedBaseline.sample)).toEqual([]);
});

describe("the sample", () => {
  const source = "const a = one === two;\nconst b = one === two;\n";
  const createMutation = (line: number, fileName = "folder/file.ts"): Mutation => ({
    fileName,
    mutatorName: "EqualityOperator",
    replacement: "one !== two",
    location: { start: { line, column: 10 }, end: { line, column: 21 } },
  });
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  const sampleSeeds = (mutation: Mutation, text = source, share = 0.25) =>
    seeds.map((seed) => isSampled(mutation, text, { seed, share }));

  test("stays the same when a file moves and lines are added", () => {
    expect(sampleSeeds(createMutation(3, "elsewhere/deep/file.ts"), `// new\n\n// lines\n${source}`)).toEqual(
      sampleSeeds(createMutation(0)),
    );
  });

  test("depends on the file, mutator, replacement, occurrence and seed", () => {
    const first = sampleSeeds(createMutation(0));
    for (const other of [
      createMutation(0, "folder/other.ts"),
      { ...createMutation(0), mutatorName: "ConditionalExpression" },
      { ...createMutation(0), replacement: "true" },
      createMutation(1),
    ]) {
      expect(sampleSeeds(other)).not.toEqual(first);
    }
    expect(new Set(first).size).toBe(2);
  });

  test("has the configured share", () => {
    const taken = sampleSeeds(createMutation(0)).filter(Boolean).length;
    expect(taken).toBeGreaterThan(60);
    expect(taken).toBeLessThan(140);
    expect(sampleSeeds(createMutation(0), source, 1)).not.toContain(false);
    expect(sampleSeeds(createMutation(0), source, 0)).not.toContain(true);
  });
});

test.each(Object.entries(folders))("the globs of %s match sources", (_name, { mutate }) => {
  for (const glob of mutate) {
    const [folder = ""] = glob.split("/**");
    expect(listFiles(folder).length).toBeGreaterThan(0);
  }
});
