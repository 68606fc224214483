import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import { runWithLock } from "../lock.mjs";
import { addInterruptCleanup } from "../run-command.mjs";

const windows = process.platform === "win32";
export const executableSuffix = windows ? ".exe" : "";
const scriptSuffix = windows ? ".cmd" : "";

export const pulumiName = `pulumi${executableSuffix}`;
export const languageHostName = `pulumi-language-nodejs${executableSuffix}`;
/** The script that starts the dynamic provider of the program's `@pulumi/pulumi`. */
export const dynamicProviderName = `pulumi-resource-pulumi-nodejs${scriptSuffix}`;

/** The executables that the engine needs for a Node program with dynamic resources. */
export const requiredNames = [pulumiName, languageHostName, dynamicProviderName];

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    const found = statSync(path);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

/**
 * @param {string} name
 * @param {string | undefined} path the value of PATH
 * @returns {string[]} all executables with that name, in the order of PATH
 */
export function findAllOnPath(name, path) {
  return [...new Set((path ?? "").split(delimiter))]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}

/**
 * The location of one version of something that set-up creates, for this user and platform.
 * @typedef {object} Cache
 * @property {string} title for messages, such as "the Pulumi CLI"
 * @property {string[]} required the executables that `binDir` contains if the cache is complete
 * @property {string} folder contains `bin` and `made.json`; created atomically
 * @property {string} binDir
 * @property {string} lockFile
 */

/**
 * @param {{ kind: string, title: string, version: string, required: string[], env: NodeJS.ProcessEnv }} options
 *   `kind` is the name of the folder of all versions
 * @returns {Cache}
 */
export function getCache({ kind, title, version, required, env }) {
  // XDG specification: ignore a relative path in this variable.
  const configured = env["XDG_CACHE_HOME"];
  const caches = configured && isAbsolute(configured) ? configured : join(env["HOME"] || homedir(), ".cache");
  const name = `${version}-${process.platform}-${process.arch}`;
  const folder = join(caches, "pulumi-datadog-org-connections", kind, name);
  return { title, required, folder, binDir: join(folder, "bin"), lockFile: `${folder}.lock` };
}

/**
 * Runs `create`, which fills the cache, unless the cache is complete. Of concurrent set-ups, one creates it and
 * the others wait.
 * @param {Cache} cache
 * @param {import("../output.mjs").Log} log
 * @param {(lock: import("../lock.mjs").HeldLock) => Promise<void>} create
 */
export async function createOnce(cache, log, create) {
  if (isComplete(cache)) return;
  await runWithLock(cache.lockFile, { waitingFor: `another set-up of ${cache.title}`, log }, async (lock) => {
    if (isComplete(cache)) return;
    removeLeftovers(cache);
    await create(lock);
  });
}

/**
 * Fills the cache: `make` fills a `bin` folder in a temporary sibling of the cache folder, which is renamed when
 * it is complete. An interruption leaves a complete cache or none.
 * @param {Cache} cache
 * @param {{ how: string, version: string, make: (place: { work: string, binDir: string }) => Promise<void> }} maker
 */
export async function fillCache(cache, { how, version, make }) {
  mkdirSync(dirname(cache.folder), { recursive: true });
  const temporary = mkdtempSync(`${cache.folder}.making-`);
  const forget = addInterruptCleanup(() => removeFolder(temporary));
  try {
    const result = join(temporary, "result");
    const work = join(temporary, "work");
    const binDir = join(result, "bin");
    mkdirSync(binDir, { recursive: true });
    mkdirSync(work);
    await make({ work, binDir });
    const missing = cache.required.filter((name) => !isExecutable(join(binDir, name)));
    if (missing.length > 0) throw new Error(`set-up by ${how} created no ${missing.join(", no ")}`);
    writeFileSync(join(result, "made.json"), `${JSON.stringify({ version, how, node: process.version })}\n`);
    moveIntoPlace(result, cache);
  } finally {
    forget();
    removeFolder(temporary);
  }
}

/**
 * Removes the files of an interrupted set-up. Only call this while holding the lock, when no other set-up
 * runs.
 * @param {Cache} cache
 */
function removeLeftovers(cache) {
  const parent = dirname(cache.folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(cache.folder)}.making-`)) removeFolder(join(parent, name));
  }
}

/**
 * @param {string} result
 * @param {Cache} cache
 */
function moveIntoPlace(result, cache) {
  // An existing incomplete folder was damaged later, since set-up creates complete ones only.
  if (existsSync(cache.folder) && !isComplete(cache)) removeFolder(cache.folder);
  try {
    renameSync(result, cache.folder);
  } catch (error) {
    // Another set-up was faster (see lock.mjs). Use its result.
    if (!isComplete(cache)) throw error;
  }
}

/** @param {Cache} cache */
function isComplete({ required, binDir }) {
  return required.every((name) => isExecutable(join(binDir, name)));
}

/** @param {string} folder */
function removeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A process still writes there (a build whose parent was killed). The next set-up removes the folder.
  }
}
