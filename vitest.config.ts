import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [process.env["TEST_SLOW"] === "1" ? "test/**/*.slow.test.ts" : "test/**/*.test.ts"],
    exclude: process.env["TEST_SLOW"] === "1" ? [] : ["test/**/*.slow.test.ts"],
    // A test with the engine runs the CLI several times, each about two seconds on an idle machine.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Something that is looked for again and again, on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    // The slow tests kill the engine wherever it happens to be; one that fails is tried once more, and the report says so.
    retry: process.env["TEST_SLOW"] === "1" ? 1 : 0,
  },
});
