import { defineConfig } from "vitest/config";
import { tests } from "./tools/mutation/folders.mjs";

/** The tests that Stryker runs (`npm run mutation`). */
export default defineConfig({
  test: {
    ...tests,
    setupFiles: ["test/mutation/set-up.ts"],
    // Random tests with a fixed seed: fewer cases than `npm test` plays, since each mutant that survives pays for all.
    env: { HISTORIES_RUNS: "50", REPORT_RUNS: "250" },
    // A mutant that makes a test hang is killed by the clock.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
