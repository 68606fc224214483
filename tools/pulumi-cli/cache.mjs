import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { onInterrupt } from "../on-interrupt.mjs";
import { isExecutable, neededNames, pulumiName } from "./executables.mjs";

/**
 * Where one version of the CLI lives, for this user and this kind of machine.
 * @typedef {object} Cache
 * @property {string} folder holds `bin` and `made.json`; appears in one step, complete
 * @property {string} binDir
 * @property {string} lockFile
 */

/**
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 * @returns {Cache}
 */
export function cacheOf(version, env) {
  // The XDG rule: a relative path in this variable is to be ignored.
  const configured = env["XDG_CACHE_HOME"];
  const caches = configured && isAbsolute(configured) ? configured : join(env["HOME"] || homedir(), ".cache");
  const name = `${version}-${process.platform}-${process.arch}`;
  const folder = join(caches, "pulumi-datadog-org-connections", "pulumi-cli", name);
  return { folder, binDir: join(folder, "bin"), lockFile: `${folder}.lock` };
}

/**
 * @param {Cache} cache
 * @returns {{ bin: string, how: string } | undefined}
 */
export function findCached(cache) {
  if (!isComplete(cache.binDir)) return undefined;
  let how = "unknown";
  try {
    how = JSON.parse(readFileSync(join(cache.folder, "made.json"), "utf8")).how;
  } catch {
    // Only a remark for people; the programs are there, and that is what counts.
  }
  return { bin: join(cache.binDir, pulumiName), how };
}

/**
 * Makes the cached CLI: `make` fills a `bin` folder in a temporary sibling of the cache folder, which is renamed
 * into place when it is complete. Whatever interrupts this leaves either the whole thing or nothing.
 * @param {Cache} cache
 * @param {{ how: string, version: string, make: (place: { work: string, binDir: string }) => Promise<void> }} maker
 */
export async function fillCache(cache, { how, version, make }) {
  mkdirSync(dirname(cache.folder), { recursive: true });
  const temporary = mkdtempSync(`${cache.folder}.making-`);
  const forget = onInterrupt(() => removeFolder(temporary));
  try {
    const result = join(temporary, "result");
    const work = join(temporary, "work");
    const binDir = join(result, "bin");
    mkdirSync(binDir, { recursive: true });
    mkdirSync(work);
    await make({ work, binDir });
    const missing = neededNames.filter((name) => !isExecutable(join(binDir, name)));
    if (missing.length > 0) throw new Error(`set-up by ${how} made no ${missing.join(", no ")}`);
    writeFileSync(join(result, "made.json"), `${JSON.stringify({ version, how, node: process.version })}\n`);
    putInPlace(result, cache);
  } finally {
    forget();
    removeFolder(temporary);
  }
}

/**
 * Removes what an interrupted set-up left. Only for the holder of the lock: nobody else is making anything then.
 * @param {Cache} cache
 */
export function removeLeftovers(cache) {
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
function putInPlace(result, cache) {
  // An incomplete one that stands there was damaged from outside, since ours appear complete.
  if (existsSync(cache.folder) && !isComplete(cache.binDir)) removeFolder(cache.folder);
  try {
    renameSync(result, cache.folder);
  } catch (error) {
    // Another set-up was faster (see lock.mjs): its result is as good as ours.
    if (!isComplete(cache.binDir)) throw error;
  }
}

/** @param {string} binDir */
function isComplete(binDir) {
  return neededNames.every((name) => isExecutable(join(binDir, name)));
}

/** @param {string} folder */
function removeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Something still writes there (a build whose parent was killed): the next set-up removes it.
  }
}
