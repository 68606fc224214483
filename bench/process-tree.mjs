import { existsSync, readFileSync, readdirSync, readlinkSync } from "node:fs";

/**
 * Clock ticks per second in /proc/<pid>/stat: 100 on every Linux that Node runs on (man proc_pid_stat,
 * USER_HZ).
 */
const ticks = 100;

/**
 * A process and its descendants, as shown by /proc. Each process is sampled repeatedly and counts with its
 * last sample. The kernel records its peak memory (VmHWM).
 */
export class ProcessTree {
  /** @type {Map<number, { name: string, cpuSeconds: number, peakMiB: number }>} */
  #processes = new Map();
  #memoryMiB = 0;
  #count = 0;
  #root;

  /** @param {number} root */
  constructor(root) {
    this.#root = root;
  }

  sample() {
    const alive = listProcesses();
    const open = alive.filter(({ pid }) => pid === this.#root);
    /** @type {Details[]} */
    const settled = [];
    let count = 0;
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const { pid, cpuSeconds } = one;
      const previous = this.#processes.get(pid);
      const details = readProcess(pid);
      // Between fork and exec, a process still has the name and memory of its parent.
      const named = details ?? previous;
      if (named) this.#processes.set(pid, { name: named.name, peakMiB: named.peakMiB, cpuSeconds });
      if (details) count += 1;
      // For the same reason, its memory counts from its second sample on.
      if (details && previous) settled.push(details);
      open.push(...alive.filter(({ parent }) => parent === pid));
    }
    this.#memoryMiB = Math.max(this.#memoryMiB, computeMemory(settled));
    this.#count = Math.max(this.#count, count);
  }

  getCpuSeconds() {
    if (this.#processes.size === 0) return undefined;
    return [...this.#processes.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  }

  /** @returns {Record<string, number>} the peak of the largest process with each name */
  getPeakMiB() {
    /** @type {Record<string, number>} */
    const peaks = {};
    for (const { name, peakMiB } of this.#processes.values())
      peaks[name] = Math.max(peaks[name] ?? 0, peakMiB);
    return peaks;
  }

  /** @returns {number | undefined} the most memory of all processes at one time */
  getMemoryMiB() {
    return this.#memoryMiB || undefined;
  }

  /** @returns {number | undefined} the most processes at one time */
  getProcessCount() {
    return this.#count || undefined;
  }
}

/**
 * @typedef {object} Details
 * @property {string} name
 * @property {string} executable
 * @property {number} peakMiB
 * @property {number} ownMiB resident memory of this process alone
 * @property {number} sharedMiB resident memory of files, such as its executable
 */

/**
 * Computes the memory of several processes. The files of an executable count once, because all its processes
 * share them.
 * @param {Details[]} processes
 */
export function computeMemory(processes) {
  /** @type {Map<string, number>} */
  const shared = new Map();
  for (const { executable, sharedMiB } of processes) {
    shared.set(executable, Math.max(shared.get(executable) ?? 0, sharedMiB));
  }
  const own = processes.map(({ ownMiB }) => ownMiB);
  return [...own, ...shared.values()].reduce((sum, mebibytes) => sum + mebibytes, 0);
}

/** Lists all processes. @returns {{ pid: number, parent: number, cpuSeconds: number }[]} */
function listProcesses() {
  const folders = existsSync("/proc") ? readdirSync("/proc") : [];
  return folders.flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readIfPresent(() => readFileSync(`/proc/${name}/stat`, "utf8")) : "";
    if (!stat) return [];
    // The name is in parentheses and may contain any character. After it come the state, the parent, …, and
    // as 12th and 13th field utime and stime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticks;
    return [{ pid: Number(name), parent: Number(fields[1]), cpuSeconds }];
  });
}

/** @param {number} pid @returns {Details | undefined} */
function readProcess(pid) {
  const command = readIfPresent(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  const status = readIfPresent(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  const executable = readIfPresent(() => readlinkSync(`/proc/${pid}/exe`));
  const peakMiB = readMiB(status, "VmHWM");
  // A zombie process has no memory.
  if (!command || !executable || peakMiB === 0) return undefined;
  return {
    name: getDisplayName(command.split("\0")),
    executable,
    peakMiB,
    ownMiB: readMiB(status, "RssAnon"),
    sharedMiB: readMiB(status, "RssFile") + readMiB(status, "RssShmem"),
  };
}

/** @param {string} status content of /proc/<pid>/status @param {string} field */
const readMiB = (status, field) => Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1] ?? 0) / 1024;

/** @template T @param {() => T} read @returns {T | undefined} */
function readIfPresent(read) {
  try {
    return read();
  } catch {
    return undefined; // the process has exited
  }
}

/**
 * Returns the display name of a process. Two programs of Pulumi run in Node; their scripts differ.
 * @param {string[]} command
 */
function getDisplayName([executable = "", ...args]) {
  const name = executable.split("/").at(-1) ?? "";
  if (name !== "node") return name;
  if (args.some((arg) => arg.includes("dynamic-provider"))) return "provider";
  if (args.some((arg) => arg.includes("cmd/run"))) return "program";
  return name;
}
