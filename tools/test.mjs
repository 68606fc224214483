import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./bootstrap.mjs";
import { addInterruptCleanup } from "./on-interrupt.mjs";
import { PACKAGES } from "./packages.mjs";
import { setUpLanguages } from "./languages/set-up-languages.mjs";
import { logLine } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli/ensure-pulumi.mjs";
import { SetupError, exitWithError } from "./setup-error.mjs";

// `npm test` runs all checks and tests except the slow suites, which `npm run test:slow` runs. `npm test --
// test/core` only runs vitest with these arguments.
const slow = process.argv.includes("--slow");
const vitestArguments = process.argv.slice(2).filter((argument) => argument !== "--slow");

/** @typedef {{ name: string, script: string, args: string[], env?: NodeJS.ProcessEnv }} Stage */

/** @type {Stage} */
const lint = { name: "lint (eslint)", script: "eslint/bin/eslint.js", args: ["."] };

/** @type {readonly Stage[]} */
const otherChecks = [
  { name: "format (prettier)", script: "prettier/bin/prettier.cjs", args: ["--check", "."] },
  { name: "types (tsc)", script: "typescript/bin/tsc", args: ["-p", ".", "--noEmit"] },
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
];

/**
 * @param {string} binDir
 * @param {Record<string, string>} languages variables with what only tests of YAML, Python and Go programs need
 * @returns {Stage}
 */
const createTests = (binDir, languages) => ({
  name: "tests (vitest)",
  script: "vitest/vitest.mjs",
  args: ["run", ...vitestArguments],
  env: { PULUMI_TEST_BIN: binDir, TEST_SUITE: slow ? "slow" : "quick", ...languages },
});

/** @param {Awaited<ReturnType<typeof setUpLanguages>>} languages */
const toVariables = ({ hostsDir, python, sdks }) => ({
  PULUMI_TEST_HOSTS: hostsDir,
  PULUMI_TEST_PYTHON: python,
  PULUMI_TEST_SDKS: sdks,
});

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
      const line = `== ${name}: ${result} in ${((Date.now() - started) / 1000).toFixed(1)} s`;
      if (code !== 0) return reject(new SetupError(line));
      console.log(line);
      resolve();
    });
  });
}

try {
  await prepare({ log: logLine });
  const cli = await ensurePulumi({ log: logLine });
  const languages = slow ? toVariables(await setUpLanguages(cli)) : {};
  if (!slow && vitestArguments.length === 0) await runChecks();
  await runStage(createTests(cli.binDir, languages));
} catch (error) {
  exitWithError(error);
}
