import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
  const mark = readJson(getMarkFile(root));
  if (mark !== undefined && mark.node !== nodeMajor) return false;
  if (mark !== undefined && mark.lock === computeLockHash(root)) return true;
  if (!isRecordCurrent(root)) return false;
  markAsInstalled(root);
  return true;
}

/** @param {string} root */
export function markAsInstalled(root) {
  writeFileSync(getMarkFile(root), `${JSON.stringify({ lock: computeLockHash(root), node: nodeMajor })}\n`);
}

/** @param {string} root */
const getMarkFile = (root) => join(root, "node_modules", ".installed-for");

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
