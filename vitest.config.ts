import { defineConfig } from "vitest/config";

/** The suites, by file name. `npm test` runs `quick`. */
const FILES = {
  quick: "test/**/*.test.ts",
  slow: "test/**/*.slow.test.ts",
  faults: "test/**/*.faults.test.ts",
  record: "test/**/*.record.test.ts",
};
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
    // The slow tests kill the engine at an arbitrary moment. A failed test is retried once, and the report
    // shows it.
    retry: suite === "slow" ? 1 : 0,
  },
});
