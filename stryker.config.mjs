// Started by tools/mutation.mjs, which sets the two variables.
import { getFiles, folders, SEED } from "./tools/mutation/folders.mjs";

const { MUTATION_FOLDER: name = "", MUTATION_MODE: mode = "full" } = process.env;
const folder = folders[name];
if (folder === undefined) throw new Error("Run `npm run mutation` instead.");
const files = getFiles(name, mode);

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: folder.mutate,
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts" },
  plugins: [
    "@stryker-mutator/vitest-runner",
    ...(mode === "sample" ? ["./tools/mutation/sample-checker.mjs"] : []),
  ],
  ...(mode === "sample" && { checkers: ["sample"], sample: { seed: SEED, share: folder.share } }),
  coverageAnalysis: "perTest",
  incremental: true,
  incrementalFile: files.incremental,
  concurrency: 2,
  // A long timeout: otherwise a slow mutant on a busy machine would count as killed.
  timeoutMS: 60_000,
  timeoutFactor: 4,
  tempDirName: ".local/stryker",
  ignorePatterns: [
    ".local",
    "dist",
    "docs",
    "bench",
    "examples",
    "test/cli/commands/review/golden",
    "*.tsbuildinfo",
  ],
  reporters: ["json", "html", ...(process.stdout.isTTY ? ["progress"] : [])],
  jsonReporter: { fileName: files.report },
  htmlReporter: { fileName: files.page },
};
