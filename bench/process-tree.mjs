import { existsSync, readFileSync, readdirSync } from "node:fs";

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
  #root;

  /** @param {number} root */
  constructor(root) {
    this.#root = root;
  }

  sample() {
    const alive = listProcesses();
    const open = alive.filter(({ pid }) => pid === this.#root);
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const { pid, cpuSeconds } = one;
      // Between fork and exec, a process still has the name and memory of its parent.
      const named = readProcess(pid) ?? this.#processes.get(pid);
      if (named) this.#processes.set(pid, { name: named.name, peakMiB: named.peakMiB, cpuSeconds });
      open.push(...alive.filter(({ parent }) => parent === pid));
    }
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
}

/** Lists all processes. @returns {{ pid: number, parent: number, cpuSeconds: number }[]} */
function listProcesses() {
  const folders = existsSync("/proc") ? readdirSync("/proc") : [];
  return folders.flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readText(`/proc/${name}/stat`) : undefined;
    if (stat === undefined) return [];
    // The name is in parentheses and may contain any character. After it come the state, the parent, …, and
    // as 12th and 13th field utime and stime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticks;
    return [{ pid: Number(name), parent: Number(fields[1]), cpuSeconds }];
  });
}

/** @param {number} pid */
function readProcess(pid) {
  const command = readText(`/proc/${pid}/cmdline`);
  const status = readText(`/proc/${pid}/status`);
  const peakKiB = Number(/VmHWM:\s*(\d+)/.exec(status ?? "")?.[1] ?? 0);
  // A zombie process has no memory.
  return command && peakKiB > 0
    ? { name: getDisplayName(command.split("\0")), peakMiB: peakKiB / 1024 }
    : undefined;
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, "utf8");
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
