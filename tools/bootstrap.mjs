import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { markAsBuilt, arePackagesBuilt } from "./built-packages.mjs";
import { markAsInstalled, arePackagesInstalled } from "./installed-packages.mjs";
import { runWithLock } from "./lock.mjs";
import { getNpmCommand, createNpmEnv } from "./npm-command.mjs";
import { runWithProgress, logLine } from "./progress.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The command of the package `cli`. */
const COMMAND = "datadog-org-connections";

/**
 * Prepares a clean clone: installs the packages of package-lock.json, then builds the packages. Does only
 * what is missing. It can be interrupted and run again at any time.
 * @param {{ log?: import("./progress.mjs").Log, folder?: string }} [options] `folder`: the repository, by
 *   default this one
 */
export async function prepare({ log = logLine, folder = root } = {}) {
  const lockFile = join(folder, ".local", "prepare.lock");
  await runWithLock(
    lockFile,
    { waitingFor: "another set-up in this folder", log },
    async ({ childStarted }) => {
      if (!arePackagesInstalled(folder)) await installPackages(folder, log, childStarted);
      if (!arePackagesBuilt(folder)) await buildPackages(folder, log, childStarted);
    },
  );
}

/**
 * @param {string} folder
 * @param {import("./progress.mjs").Log} log
 * @param {(pid: number) => void} onStart
 */
async function installPackages(folder, log, onStart) {
  const npm = getNpmCommand();
  // NODE_ENV=production would omit the compiler.
  const args = [...npm.args, "ci", "--include=dev", "--no-fund", "--no-audit"];
  await runStep(
    "Installing packages (npm ci)",
    log,
    "fix the cause shown above, then run the command again",
    () => runCommand(npm.command, args, { cwd: folder, env: createNpmEnv(), onStart }),
  );
  markAsInstalled(folder);
}

/**
 * @param {string} folder
 * @param {import("./progress.mjs").Log} log
 * @param {(pid: number) => void} onStart
 */
async function buildPackages(folder, log, onStart) {
  await runStep(
    "Building the packages (npm run build)",
    log,
    "fix the errors above, or revert your last change",
    () => runCommand(process.execPath, [join(folder, "tools", "build.mjs")], { cwd: folder, onStart }),
  );
  await linkCommand(folder, log, onStart);
  markAsBuilt(folder);
}

/**
 * Links the command `datadog-org-connections` into node_modules/.bin. `npm ci` does not, because the file of the command does
 * not exist before the first build.
 * @param {string} folder
 * @param {import("./progress.mjs").Log} log
 * @param {(pid: number) => void} onStart
 */
async function linkCommand(folder, log, onStart) {
  if (existsSync(join(folder, "node_modules", ".bin", COMMAND))) return;
  const npm = getNpmCommand();
  const args = [...npm.args, "rebuild", "--ignore-scripts", COMMAND];
  await runStep(
    `Linking the command ${COMMAND} (npm rebuild)`,
    log,
    "fix the cause shown above, then run the command again",
    () => runCommand(npm.command, args, { cwd: folder, env: createNpmEnv(), onStart }),
  );
}

/**
 * @param {string} what
 * @param {import("./progress.mjs").Log} log
 * @param {string} next what to do if it fails
 * @param {() => Promise<unknown>} work
 */
async function runStep(what, log, next, work) {
  try {
    await runWithProgress({ what, log }, work);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const tail = error.getExcerpt().map((line) => `  | ${line}`);
    throw new SetupError([...tail, `${what} failed: ${error.reason}.`, `Next step: ${next}.`].join("\n"));
  }
}
