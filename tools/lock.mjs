import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runWithProgress } from "./output.mjs";
import { addInterruptCleanup } from "./run-command.mjs";

const heartbeatMs = 1000;
/** A lock that was updated within this time is valid for any pid: the holder may run in another container. */
const freshMs = 4 * heartbeatMs;
/**
 * A live holder that does not update its lock for this long is suspended, or another process has its pid now.
 */
const unresponsiveMs = 60_000;

/** @typedef {{ token: string, pid: number, host: string, child?: number }} Holder */
/** @typedef {{ childStarted: (pid: number) => void }} HeldLock */

/**
 * Runs `work` while holding the lock file `path`. If another process holds the lock, logs a message and
 * waits. Acquires the lock of a dead process.
 *
 * The lock avoids duplicate work, but does not protect data. Move results into place atomically: after a
 * suspend, or on a shared file system, one lock can have two holders.
 * @template T
 * @param {string} path
 * @param {{ waitingFor: string, log: import("./output.mjs").Log }} options
 * @param {(lock: HeldLock) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function runWithLock(path, { waitingFor, log }, work) {
  mkdirSync(dirname(path), { recursive: true });
  /** @type {Holder} */
  const us = { token: randomUUID(), pid: process.pid, host: hostname() };
  if (!tryToAcquire(path, us)) {
    const holder = readHolder(path);
    log(`Waiting for ${waitingFor}${holder ? ` (process ${holder.pid})` : ""}`);
    await runWithProgress({ what: `Waiting for ${waitingFor}`, log }, async () => {
      while (!tryToAcquire(path, us)) await sleep(200);
    });
  }

  const release = () => {
    if (readHolder(path)?.token === us.token) rmSync(path, { force: true });
  };
  const heartbeat = setInterval(() => touch(path, us.token), heartbeatMs);
  const forget = addInterruptCleanup(release);
  try {
    return await work({
      // A child process may outlive this process. No other process may start until it exits.
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
function tryToAcquire(path, us) {
  if (createLockFile(path, us)) return true;
  if (!isStale(path)) return false;

  // Two waiters may find the same stale lock. Without a guard, the second would remove the new lock of the
  // first.
  const guard = `${path}.takeover`;
  if (!createLockFile(guard, us)) {
    if (getAgeMs(guard) > unresponsiveMs) rmSync(guard, { force: true });
    return false;
  }
  try {
    if (isStale(path)) unlinkSync(path);
  } catch {
    // The holder resumed and released it.
  } finally {
    rmSync(guard, { force: true });
  }
  return createLockFile(path, us);
}

/**
 * @param {string} path
 * @param {Holder} us
 */
function createLockFile(path, us) {
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
  const age = getAgeMs(path);
  if (age < freshMs) return false;
  const holder = readHolder(path);
  if (holder === undefined || holder.host !== hostname()) return age > unresponsiveMs;
  if (!isAlive(holder.pid))
    return holder.child === undefined || !isAlive(holder.child) || age > 10 * unresponsiveMs;
  return age > unresponsiveMs;
}

/** @param {string} path */
function getAgeMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/**
 * @param {string} path
 * @returns {Holder | undefined} undefined if there is none, or if it is being written
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
    // The lock was removed in the meantime.
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
