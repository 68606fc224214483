/**
 * @typedef {object} Folder
 * @property {string[]} mutate globs of the sources whose mutants are made
 * @property {number} share how much of its mutants a sample takes: about 130 mutants of each folder
 */

/**
 * What mutation testing covers. A folder that moves changes its globs here, and nowhere else.
 * @type {Record<string, Folder>}
 */
export const folders = {
  lifecycle: {
    mutate: ["core/src/operation/**/*.ts", "core/src/connection/**/*.ts", "core/src/connection-set/**/*.ts"],
    share: 0.088,
  },
  client: { mutate: ["core/src/api/**/*.ts"], share: 0.116 },
  credentials: { mutate: ["core/src/credentials/**/*.ts"], share: 0.238 },
  changes: { mutate: ["cli/src/changes/**/*.ts", "cli/src/stack/**/*.ts"], share: 0.053 },
  policy: { mutate: ["cli/src/policy/**/*.ts"], share: 0.248 },
};

/**
 * The tests that may kill a mutant: those which run the sources in their own process, without the Pulumi CLI and
 * `dist`. Of these, each folder gets the ones that import it, directly or not.
 */
export const tests = {
  include: [
    "test/core/**/*.test.ts",
    "test/provider/host/*.test.ts",
    "test/cli/{changes,policy,live,stack}/**/*.test.ts",
    "test/histories/*.test.ts",
    "test/report-is-true/*.test.ts",
  ],
  exclude: ["test/**/*.slow.test.ts", "test/cli/policy/rules.test.ts"],
};

/** Slow random tests, which run almost every line: they run after the others, and only if none of these fails. */
export const lastTests = /[/](histories|report-is-true)[/][^/]*$/;
