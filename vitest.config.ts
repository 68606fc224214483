import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The suites, by file name. `npm test` runs `quick`. */
const FILES = {
  quick: "test/**/*.test.ts",
  slow: "test/**/*.slow.test.ts",
  faults: "test/**/*.faults.test.ts",
  record: "test/**/*.record.test.ts",
};
/**
 * The longest files of the slow suite. Without recorded durations, Vitest starts the largest files first, but these are small. One of
 * them at the end would keep one core idle for minutes.
 */
const LONGEST = [
  "test/faults/single.slow.test.ts",
  "test/faults/kill.slow.test.ts",
  "test/engine/interruption.slow.test.ts",
  "test/report-is-true/real-engine.slow.test.ts",
  "test/histories/engine.slow.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) =>
      Number(LONGEST.some((name) => moduleId.endsWith(name)));
    return (await super.sort(files)).toSorted((a, b) => isLongest(b) - isLongest(a));
  }
}

const suite = process.env["TEST_SUITE"] ?? "quick";
if (!(suite in FILES)) throw new Error(`TEST_SUITE must be one of ${Object.keys(FILES).join(", ")}`);
const others = Object.entries(FILES).flatMap(([name, files]) =>
  name === suite || name === "quick" ? [] : [files],
);

export default defineConfig({
  test: {
    include: [FILES[suite as keyof typeof FILES]],
    exclude: others,
    // An engine test runs the CLI several times. Each run takes about two seconds on an idle machine.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Long enough for polling on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // The page of `map` contains style sheets, which Vitest would otherwise replace by empty ones.
    css: true,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // The slow tests kill the engine at an arbitrary moment. A failed test is retried once, and the report
    // shows it.
    retry: suite === "slow" ? 1 : 0,
  },
});
