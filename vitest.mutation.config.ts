import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { lastTests, tests } from "./tools/mutation/folders.mjs";

/** Quick tests first, by what they took before: the first test that fails kills a mutant. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const slowFirst = await super.sort(files);
    const isLast = ({ moduleId }: TestSpecification) => Number(lastTests.test(moduleId));
    return slowFirst.reverse().sort((a, b) => isLast(a) - isLast(b));
  }
}

/** The tests that Stryker runs (`npm run mutation`). */
export default defineConfig({
  // Stryker's copy of the tree shares node_modules, whose links to the packages lead to the sources without mutants.
  resolve: {
    alias: [
      { find: /^datadog-org-connections-core\/(.*)\.js$/, replacement: `${process.cwd()}/core/src/$1.ts` },
      { find: /^datadog-org-connections-sandbox$/, replacement: `${process.cwd()}/sandbox/src/index.ts` },
    ],
  },
  // Two runners that write the same cache of durations would read each other's half-written file.
  cacheDir: `.local/vitest-${process.pid}`,
  test: {
    ...tests,
    sequence: { sequencer: QuickFirst },
    setupFiles: ["test/mutation/set-up.ts"],
    // Random tests with a fixed seed: fewer cases than `npm test` plays, since each mutant that survives pays for all.
    env: { HISTORIES_RUNS: "50", REPORT_RUNS: "250" },
    // A mutant that makes a test hang is killed by the clock.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
