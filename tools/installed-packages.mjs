import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const nodeMajor = process.versions.node.split(".")[0];

/** @typedef {{ packages?: Record<string, LockEntry> }} LockFile */
/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean,
 *   peer?: boolean, resolved?: string, extraneous?: boolean }} LockEntry */

/**
 * Whether node_modules is what package-lock.json says, for this Node. Our own mark answers at once; without one
 * (somebody ran npm by hand), npm's record of what it installed is compared. Both are written at the end of an
 * installation, so one that was cut short counts as none.
 * @param {string} root
 */
export function packagesAreInstalled(root) {
  const mark = readJson(markFile(root));
  if (mark !== undefined && mark.node !== nodeMajor) return false;
  if (mark !== undefined && mark.lock === lockHash(root)) return true;
  if (!recordMatchesLock(root)) return false;
  markAsInstalled(root);
  return true;
}

/** @param {string} root */
export function markAsInstalled(root) {
  writeFileSync(markFile(root), `${JSON.stringify({ lock: lockHash(root), node: nodeMajor })}\n`);
}

/** @param {string} root */
const markFile = (root) => join(root, "node_modules", ".installed-for");

/** @param {string} root */
function lockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** @param {string} root */
function recordMatchesLock(root) {
  /** @type {LockFile | undefined} */
  const record = readJson(join(root, "node_modules", ".package-lock.json"));
  /** @type {LockFile | undefined} */
  const lock = readJson(join(root, "package-lock.json"));
  if (!record?.packages || !lock?.packages) return false;
  const wanted = lock.packages;
  const installed = record.packages;
  const known = Object.entries(installed).every(([path, entry]) => sameEntry(entry, wanted[path]));
  return (
    known && Object.entries(wanted).every(([path, entry]) => path in installed || mayBeAbsent(path, entry))
  );
}

/**
 * @param {LockEntry} installed
 * @param {LockEntry | undefined} wanted
 */
function sameEntry(installed, wanted) {
  return (
    wanted !== undefined &&
    installed.version === wanted.version &&
    installed.integrity === wanted.integrity &&
    installed.link === wanted.link
  );
}

/**
 * The root has no entry in the record, and what is optional may be for another platform.
 * @param {string} path
 * @param {LockEntry} entry
 */
function mayBeAbsent(path, entry) {
  return path === "" || entry.optional === true || entry.devOptional === true;
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
