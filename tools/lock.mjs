import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { during } from "./progress.mjs";
import { onInterrupt } from "./on-interrupt.mjs";

const heartbeatMs = 1000;
/** A lock touched within this time is held, whatever the pid says: the holder may live in another container. */
const freshMs = 4 * heartbeatMs;
/** A holder that lives but does not touch its lock for this long is stopped, or its pid is somebody else's now. */
const silentMs = 60_000;

/** @typedef {{ token: string, pid: number, host: string, child?: number }} Holder */
/** @typedef {{ childStarted: (pid: number) => void }} HeldLock */

/**
 * Does `work` while holding the lock file `path`. One that another process holds is waited for, and says so;
 * one whose process is dead is taken over.
 *
 * The lock saves work, it does not protect data: what is made under it must be put in place atomically, since a
 * suspended machine, or a file system shared between hosts, can make two holders of one lock.
 * @template T
 * @param {string} path
 * @param {{ waitingFor: string, log: import("./progress.mjs").Log }} options
 * @param {(lock: HeldLock) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, { waitingFor, log }, work) {
  mkdirSync(dirname(path), { recursive: true });
  /** @type {Holder} */
  const us = { token: randomUUID(), pid: process.pid, host: hostname() };
  if (!tryToTake(path, us)) {
    const holder = readHolder(path);
    log(`Waiting for ${waitingFor}${holder ? ` (process ${holder.pid})` : ""}`);
    await during({ what: `Waiting for ${waitingFor}`, log }, async () => {
      while (!tryToTake(path, us)) await sleep(200);
    });
  }

  const release = () => {
    if (readHolder(path)?.token === us.token) rmSync(path, { force: true });
  };
  const heartbeat = setInterval(() => touch(path, us.token), heartbeatMs);
  const forget = onInterrupt(release);
  try {
    return await work({
      // What we started may outlive us when we are killed; until it ends, nobody else may begin.
      childStarted: (pid) => {
        if (readHolder(path)?.token === us.token) writeFileSync(path, JSON.stringify({ ...us, child: pid }));
      },
    });
  } finally {
    clearInterval(heartbeat);
    forget();
    release();
  }
}

/**
 * @param {string} path
 * @param {Holder} us
 */
function tryToTake(path, us) {
  if (create(path, us)) return true;
  if (!isStale(path)) return false;

  // Two waiters may see one stale lock: without a guard the second would remove the first one's new lock.
  const guard = `${path}.takeover`;
  if (!create(guard, us)) {
    if (ageMs(guard) > silentMs) rmSync(guard, { force: true });
    return false;
  }
  try {
    if (isStale(path)) unlinkSync(path);
  } catch {
    // Its holder came back to life and released it.
  } finally {
    rmSync(guard, { force: true });
  }
  return create(path, us);
}

/**
 * @param {string} path
 * @param {Holder} us
 */
function create(path, us) {
  try {
    writeFileSync(path, JSON.stringify(us), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path */
function isStale(path) {
  const age = ageMs(path);
  if (age < freshMs) return false;
  const holder = readHolder(path);
  if (holder === undefined || holder.host !== hostname()) return age > silentMs;
  if (!isAlive(holder.pid))
    return holder.child === undefined || !isAlive(holder.child) || age > 10 * silentMs;
  return age > silentMs;
}

/** @param {string} path */
function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/**
 * @param {string} path
 * @returns {Holder | undefined} undefined when there is none, or it is just being written
 */
function readHolder(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {string} token
 */
function touch(path, token) {
  try {
    if (readHolder(path)?.token === token) utimesSync(path, new Date(), new Date());
  } catch {
    // Removed in the meantime: there is nothing to keep alive.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
