import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { markAsBuilt, packagesAreBuilt } from "./built-packages.mjs";
import { markAsInstalled, packagesAreInstalled } from "./installed-packages.mjs";
import { withLock } from "./lock.mjs";
import { npmCommand, npmEnv } from "./npm-command.mjs";
import { during, logLine } from "./progress.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Makes a clean clone usable: the packages of package-lock.json, then the built packages. Does only what is
 * missing, and may be interrupted and started again at any time.
 * @param {{ log?: import("./progress.mjs").Log, folder?: string }} [options] `folder`: the tree, by default this one
 */
export async function prepare({ log = logLine, folder = root } = {}) {
  const lockFile = join(folder, ".local", "prepare.lock");
  await withLock(lockFile, { waitingFor: "another set-up in this folder", log }, async ({ childStarted }) => {
    if (!packagesAreInstalled(folder)) await installPackages(folder, log, childStarted);
    if (!packagesAreBuilt(folder)) await buildPackages(folder, log, childStarted);
  });
}

/**
 * @param {string} folder
 * @param {import("./progress.mjs").Log} log
 * @param {(pid: number) => void} onStart
 */
async function installPackages(folder, log, onStart) {
  const npm = npmCommand();
  // NODE_ENV=production would leave out the compiler.
  const args = [...npm.args, "ci", "--include=dev", "--no-fund", "--no-audit"];
  await step(
    "Installing packages (npm ci)",
    log,
    "look at the lines above; with the cause gone, run this again",
    () => runCommand(npm.command, args, { cwd: folder, env: npmEnv(), onStart }),
  );
  markAsInstalled(folder);
}

/**
 * @param {string} folder
 * @param {import("./progress.mjs").Log} log
 * @param {(pid: number) => void} onStart
 */
async function buildPackages(folder, log, onStart) {
  await step(
    "Building the packages (npm run build)",
    log,
    "correct the errors above, or undo your last change",
    () => runCommand(process.execPath, [join(folder, "tools", "build.mjs")], { cwd: folder, onStart }),
  );
  markAsBuilt(folder);
}

/**
 * @param {string} what
 * @param {import("./progress.mjs").Log} log
 * @param {string} next what to do when it fails
 * @param {() => Promise<unknown>} work
 */
async function step(what, log, next, work) {
  try {
    await during({ what, log }, work);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const tail = error.excerpt().map((line) => `  | ${line}`);
    throw new SetupError([...tail, `${what} failed: ${error.reason}.`, `What next: ${next}.`].join("\n"));
  }
}
