import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { SetupError } from "./output.mjs";
import { addInterruptCleanup } from "./run-command.mjs";

/**
 * Runs one test file in a separate process. An interrupt kills the process.
 * @param {string} file the test
 * @param {Record<string, string>} env in addition to the environment of this process
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runVitest(file, env) {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", file], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const forget = addInterruptCleanup(() => child.kill());
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      forget();
      resolve({ code, output });
    });
  });
}

/**
 * Runs one test file in a separate process for each environment, concurrently. Prints the output of those that fail.
 * @param {string} file the test
 * @param {Record<string, string>[]} environments
 * @param {string} reportVariable the variable that names the file to which the test writes its report
 * @returns {Promise<{ reports: string[], hasFailed: boolean, seconds: number }>} the text of each report, empty if the process
 *   exited before it wrote one
 */
export const playParts = (file, environments, reportVariable) =>
  withWorkFolder("reports", async (folder) => {
    const started = Date.now();
    const played = await Promise.all(
      environments.map(async (env, at) => {
        const report = join(folder, String(at));
        const { code, output } = await runVitest(file, { [reportVariable]: report, ...env });
        if (code !== 0) console.error(output);
        return { code, report: readIfPresent(report) };
      }),
    );
    return {
      reports: played.map(({ report }) => report),
      hasFailed: played.some(({ code }) => code !== 0),
      seconds: Math.round((Date.now() - started) / 1000),
    };
  });

/** @param {string} file */
function readIfPresent(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * Calls `work` with a new folder, which is removed afterward and on an interrupt.
 * @template Result
 * @param {string} name
 * @param {(folder: string) => Promise<Result>} work
 * @param {string} [parent] by default in this repository
 */
export async function withWorkFolder(name, work, parent = join(root, ".local")) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const forget = addInterruptCleanup(remove);
  try {
    return await work(folder);
  } finally {
    forget();
    remove();
  }
}

/**
 * Parses a whole number. Without one, returns the other number.
 * @param {string} option
 * @param {string | undefined} text
 * @param {number} otherwise
 * @param {number} [least]
 */
export function parseWholeNumber(option, text, otherwise, least = -Infinity) {
  const number = Number(text ?? otherwise);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new SetupError(`${option} must be a whole number${least === 1 ? " above 0" : ""}`);
}

/** Creates a seed for a random test. */
export const createSeed = () => Date.now() % 1_000_000_000;
