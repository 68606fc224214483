import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runWithLock } from "./lock.mjs";
import { logLine, runWithProgress, SetupError } from "./output.mjs";
import { CommandFailed, createNpmEnv, getNpmCommand, runCommand } from "./run-command.mjs";

/** The folders of the packages of this repository. */
export const PACKAGES = ["core", "provider", "plugin", "sandbox", "cli"];

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The command of the package `cli`. */
const COMMAND = "datadog-org-connections";

/**
 * Prepares a clean clone: installs the packages of package-lock.json, then builds the packages. Does only
 * what is missing. It can be interrupted and run again at any time.
 * @param {{ log?: import("./output.mjs").Log, folder?: string }} [options] `folder`: the repository, by
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
 * @param {import("./output.mjs").Log} log
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
 * @param {import("./output.mjs").Log} log
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
 * @param {import("./output.mjs").Log} log
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
 * @param {import("./output.mjs").Log} log
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

const nodeMajor = process.versions.node.split(".")[0];

/** @typedef {{ packages?: Record<string, LockEntry> }} LockFile */
/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean,
 *   peer?: boolean, resolved?: string, extraneous?: boolean }} LockEntry */

/**
 * Whether node_modules matches package-lock.json, for this Node. Checks our own mark first. Without a mark
 * (after a manual npm install), compares npm's record of installed packages. Both are written at the end of
 * an installation, so an interrupted installation does not count.
 * @param {string} root
 */
export function arePackagesInstalled(root) {
  const mark = readJson(getInstalledMark(root));
  if (mark !== undefined && mark.node !== nodeMajor) return false;
  if (mark !== undefined && mark.lock === computeLockHash(root)) return true;
  if (!isRecordCurrent(root)) return false;
  markAsInstalled(root);
  return true;
}

/** @param {string} root */
export function markAsInstalled(root) {
  writeFileSync(
    getInstalledMark(root),
    `${JSON.stringify({ lock: computeLockHash(root), node: nodeMajor })}\n`,
  );
}

/** @param {string} root */
const getInstalledMark = (root) => join(root, "node_modules", ".installed-for");

/** @param {string} root */
function computeLockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** @param {string} root */
function isRecordCurrent(root) {
  /** @type {LockFile | undefined} */
  const record = readJson(join(root, "node_modules", ".package-lock.json"));
  /** @type {LockFile | undefined} */
  const lock = readJson(join(root, "package-lock.json"));
  if (!record?.packages || !lock?.packages) return false;
  const locked = lock.packages;
  const installed = record.packages;
  const known = Object.entries(installed).every(([path, entry]) => isSameEntry(entry, locked[path]));
  return (
    known && Object.entries(locked).every(([path, entry]) => path in installed || mayBeAbsent(path, entry))
  );
}

/**
 * @param {LockEntry} installed
 * @param {LockEntry | undefined} locked
 */
function isSameEntry(installed, locked) {
  return (
    locked !== undefined &&
    installed.version === locked.version &&
    installed.integrity === locked.integrity &&
    installed.link === locked.link
  );
}

/**
 * The record has no entry for the root. Optional packages may be for another platform. A new example needs no installation,
 * because its packages are those of the root and nothing loads it by name.
 * @param {string} path
 * @param {LockEntry} entry
 */
function mayBeAbsent(path, entry) {
  const isExample = path.startsWith("examples/") || entry.resolved?.startsWith("examples/") === true;
  return path === "" || isExample || entry.optional === true || entry.devOptional === true;
}

/**
 * @param {string} path
 * @returns {any}
 */
function readJson(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** The files that the builds of the published packages must contain. */
const RESULTS = [
  "provider/dist/index.js",
  "provider/dist/host.js",
  "sandbox/dist/index.js",
  "cli/dist/main.js",
];
/** The inputs of a build, besides the sources of the packages. */
const SETTINGS = [
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "tools/build.mjs",
  "tools/bundle-options.mjs",
];

/**
 * Whether `dist` of each package was built from the current sources.
 * @param {string} root
 */
function arePackagesBuilt(root) {
  const mark = getBuiltMark(root);
  return (
    RESULTS.every((file) => existsSync(join(root, file))) &&
    existsSync(mark) &&
    readFileSync(mark, "utf8") === computeSourceHash(root)
  );
}

/** @param {string} root */
function markAsBuilt(root) {
  mkdirSync(join(root, ".local"), { recursive: true });
  writeFileSync(getBuiltMark(root), computeSourceHash(root));
}

/** @param {string} root */
const getBuiltMark = (root) => join(root, ".local", "built-from");

/** @param {string} root */
function computeSourceHash(root) {
  const hash = createHash("sha256");
  const files = PACKAGES.flatMap((name) => [`${name}/package.json`, ...listFiles(root, `${name}/src`)]);
  for (const file of [...SETTINGS, ...files.sort()]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} folder */
const listFiles = (root, folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/").replace(/^\//, ""),
    );
