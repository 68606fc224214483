import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [process.env["TEST_SLOW"] === "1" ? "test/**/*.slow.test.ts" : "test/**/*.test.ts"],
    exclude: process.env["TEST_SLOW"] === "1" ? [] : ["test/**/*.slow.test.ts"],
    // A test with the engine runs the CLI several times, each about two seconds on an idle machine.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
