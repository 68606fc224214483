import { defineConfig } from "vitest/config";

/** The suites, by the end of their files' names. `quick` is what `npm test` runs. */
const FILES = {
  quick: "test/**/*.test.ts",
  slow: "test/**/*.slow.test.ts",
  faults: "test/**/*.faults.test.ts",
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
    // A test with the engine runs the CLI several times, each about two seconds on an idle machine.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Something that is looked for again and again, on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // The map's page is made of style sheets, which Vitest would take for empty.
    css: true,
    maxWorkers: 2,
    // The slow tests kill the engine wherever it happens to be; one that fails is tried once more, and the report says so.
    retry: suite === "slow" ? 1 : 0,
  },
});
