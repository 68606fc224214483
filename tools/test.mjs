import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureActionlint } from "./actionlint.mjs";
import { PACKAGES, prepare, root } from "./bootstrap.mjs";
import { setUpLanguages } from "./languages/set-up-languages.mjs";
import { exitWithError, logLine, SetupError } from "./output.mjs";
import { pulumiName } from "./pulumi-cli/cache.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { addInterruptCleanup } from "./run-command.mjs";

// `npm test` runs all checks and the quick tests. `npm test -- test/core` only runs Vitest with these arguments. `npm run test:slow`
// runs the tests that need the Pulumi CLI or minutes.

/**
 * Creates a folder like that of the Pulumi CLI, whose `pulumi` also adds a line with its arguments to a file. `exec` keeps the
 * process ID, so that tests can kill the CLI.
 * @param {string} binDir the folder of the Pulumi CLI
 * @param {string} file
 * @returns {string} the new folder
 */
function countEngineCommands(binDir, file) {
  const folder = join(root, ".local", "counted-pulumi");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(binDir)) {
    if (name !== pulumiName) symlinkSync(join(binDir, name), join(folder, name));
  }
  const wrapper = join(folder, pulumiName);
  writeFileSync(wrapper, `#!/bin/sh\necho "$*" >> '${file}'\nexec '${join(binDir, pulumiName)}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  return folder;
}

const slow = process.argv.includes("--slow");
const vitestArguments = process.argv.slice(2).filter((argument) => argument !== "--slow");
const isAll = !slow && vitestArguments.length === 0;

/** The projects of vitest.config.ts to run. */
const projects = slow
  ? ["campaigns", "engine", "slow"]
  : ["unit", "isolated", "attached", ...(isAll ? [] : ["engine"])];

/** @typedef {{ name: string, script: string, args: string[], env?: NodeJS.ProcessEnv }} Stage */

/**
 * Flags of a cache. CI checks everything again: the cache of ESLint does not know that the type of an import has changed.
 * @param {string[]} flags
 */
const useCache = (...flags) => (process.env["CI"] ? [] : flags);

/** @type {Stage} */
const lint = {
  name: "lint (eslint)",
  script: "eslint/bin/eslint.js",
  args: [".", ...useCache("--cache", "--cache-strategy=content", "--cache-location=.local/eslint.json")],
};

/** @type {readonly Stage[]} */
const otherChecks = [
  {
    name: "format (prettier)",
    script: "prettier/bin/prettier.cjs",
    args: [
      "--check",
      ".",
      ...useCache("--cache", "--cache-strategy=content", "--cache-location=.local/prettier.json"),
    ],
  },
  {
    name: "types (tsc)",
    script: "typescript/bin/tsc",
    args: [
      "-p",
      ".",
      "--noEmit",
      ...useCache("--incremental", "--tsBuildInfoFile", ".local/types.tsbuildinfo"),
    ],
  },
  {
    name: "types of the page (tsc)",
    script: "typescript/bin/tsc",
    args: ["-p", "cli/src/commands/map/page"],
  },
  {
    name: "directions of imports (dependency-cruiser)",
    script: "dependency-cruiser/bin/dependency-cruise.mjs",
    args: ["--config", ".dependency-cruiser.mjs", ...PACKAGES.map((name) => `${name}/src`)],
  },
  { name: "dead code (knip)", script: "knip/bin/knip.js", args: [] },
  {
    name: "links of the pages (remark)",
    script: "remark-cli/cli.js",
    args: [".", "--frail", "--quiet", "--ignore-path=.prettierignore"],
  },
];

/**
 * @param {string} binDir
 * @param {Record<string, string>} languages variables with what only slow tests need
 * @returns {Stage}
 */
const createTests = (binDir, languages) => ({
  name: "tests (vitest)",
  script: "vitest/vitest.mjs",
  args: [
    "run",
    ...projects.flatMap((name) => ["--project", name]),
    ...(slow && !vitestArguments.some((one) => one.startsWith("--maxWorkers")) ? ["--maxWorkers=4"] : []),
    ...vitestArguments,
  ],
  env: { PULUMI_TEST_BIN: binDir, ...languages },
});

/** @param {Awaited<ReturnType<typeof setUpLanguages>>} languages */
const toVariables = ({ hostsDir, python, sdks }) => ({
  PULUMI_TEST_HOSTS: hostsDir,
  PULUMI_TEST_PYTHON: python,
  PULUMI_TEST_SDKS: sdks,
});

/** @param {number} started */
const formatSeconds = (started) => `${((Date.now() - started) / 1000).toFixed(1)} s`;

/** Runs all checks. ESLint takes about as long as the other checks together, so it runs beside them. */
async function runChecks() {
  const failure = new AbortController();
  const runOthers = async () => {
    for (const stage of otherChecks) await runStage(stage, failure.signal);
  };
  try {
    await Promise.all([runStage(lint, failure.signal), runOthers()]);
  } finally {
    failure.abort();
  }
}

/**
 * @param {Stage} stage
 * @param {AbortSignal} [signal] stops the stage
 * @returns {Promise<void>}
 */
function runStage({ name, script, args, env = {} }, signal) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: "inherit",
    signal,
  });
  const forget = addInterruptCleanup(() => child.kill());
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      forget();
      const result = code === 0 ? "passed" : `FAILED (${signal ?? `exit code ${code}`})`;
      const line = `== ${name}: ${result} in ${formatSeconds(started)}`;
      if (code !== 0) return reject(new SetupError(line));
      console.log(line);
      resolve();
    });
  });
}

try {
  const started = Date.now();
  await prepare({ log: logLine });
  const cli = await ensurePulumi({ log: logLine });
  const languages = slow
    ? { ...toVariables(await setUpLanguages(cli)), TEST_ACTIONLINT: await ensureActionlint() }
    : {};
  if (isAll) await runChecks();
  const counted = process.env["ENGINE_COMMANDS"];
  const binDir = counted === undefined ? cli.binDir : countEngineCommands(cli.binDir, counted);
  await runStage(createTests(binDir, languages));
  console.log(`\n== all passed in ${formatSeconds(started)}`);
} catch (error) {
  exitWithError(error);
}
