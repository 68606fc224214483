import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { lastTests, tests } from "./tools/mutation/folders.mjs";

/** Runs quick tests first, by their earlier durations, because the first failed test kills a mutant. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const slowFirst = await super.sort(files);
    const isLast = ({ moduleId }: TestSpecification) => Number(lastTests.test(moduleId));
    return slowFirst.reverse().sort((a, b) => isLast(a) - isLast(b));
  }
}

/** The tests that Stryker runs (`npm run mutation`). */
export default defineConfig({
  // Stryker's copy of the repository shares node_modules, where the links to the packages lead to the sources
  // without mutants.
  resolve: {
    alias: [
      { find: /^datadog-org-connections-core\/(.*)\.js$/, replacement: `${process.cwd()}/core/src/$1.ts` },
      { find: /^datadog-org-connections-sandbox$/, replacement: `${process.cwd()}/sandbox/src/index.ts` },
    ],
  },
  // With a shared cache of durations, two runners would read each other's incomplete file.
  cacheDir: `.local/vitest-${process.pid}`,
  test: {
    ...tests,
    sequence: { sequencer: QuickFirst },
    setupFiles: ["test/mutation/set-up.ts"],
    // A mutant that makes a test hang counts as killed by the timeout.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
