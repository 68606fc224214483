/**
 * @typedef {object} Folder
 * @property {string[]} mutate globs of the sources to mutate
 * @property {number} share the share of its mutants in a sample: about 130 mutants of each folder
 */

/**
 * The folders that mutation testing covers. When a folder moves, only change its globs here.
 * @type {Record<string, Folder>}
 */
export const folders = {
  lifecycle: {
    mutate: ["core/src/operation/**/*.ts", "core/src/connection/**/*.ts", "core/src/connection-set/**/*.ts"],
    share: 0.088,
  },
  client: { mutate: ["core/src/api/**/*.ts", "core/src/text/**/*.ts"], share: 0.116 },
  credentials: { mutate: ["core/src/credentials/**/*.ts"], share: 0.238 },
  changes: { mutate: ["cli/src/changes/**/*.ts", "cli/src/stack/**/*.ts"], share: 0.053 },
  policy: { mutate: ["cli/src/policy/**/*.ts"], share: 0.248 },
};

/**
 * The tests that may kill a mutant: those that run the sources in their own process, without the Pulumi CLI
 * and `dist`. Each folder uses those that import it, directly or indirectly.
 */
export const tests = {
  include: [
    "test/core/**/*.test.ts",
    "test/provider/host/*.test.ts",
    "test/cli/{changes,policy,live,stack}/**/*.test.ts",
    "test/histories/*.test.ts",
    "test/report-is-true/*.test.ts",
  ],
  exclude: ["test/**/*.slow.test.ts"],
};

/** Slow random tests that run almost every line. They run after the others, and only if those pass. */
export const lastTests = /[/](histories|report-is-true)[/][^/]*$/;

/** A different seed selects a different sample, and needs a different baseline. */
export const SEED = 20261201;

/**
 * The result files of a run. Each sample has its own files, since the results of another sample do not apply.
 * @param {string} folder
 * @param {string} mode `sample` or `full`
 */
export function getFiles(folder, mode) {
  const which = mode === "sample" ? `sample-${SEED}-${folders[folder]?.share}` : mode;
  const start = `.local/mutation/${folder}-${which}`;
  return {
    incremental: `${start}.incremental.json`,
    report: `${start}.json`,
    page: `${start}.html`,
  };
}
