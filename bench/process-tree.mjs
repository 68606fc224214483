import { existsSync, readFileSync, readdirSync } from "node:fs";

/** Clock ticks of a second in /proc/<pid>/stat: 100 on every Linux that Node runs on (man proc_pid_stat, USER_HZ). */
const ticks = 100;

/**
 * A process and all it starts, as /proc shows them. Each process is looked at every few milliseconds and counts with
 * what it had come to when it was last seen; the peak of its memory is kept by the kernel (VmHWM).
 */
export class ProcessTree {
  /** @type {Map<number, { name: string, cpuSeconds: number, peakMiB: number }>} */
  #seen = new Map();
  #root;

  /** @param {number} root */
  constructor(root) {
    this.#root = root;
  }

  sample() {
    const alive = processes();
    const open = alive.filter(({ pid }) => pid === this.#root);
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const { pid, cpuSeconds } = one;
      // Between fork and exec a process still has its parent's name, and its parent's memory is not its own.
      const named = look(pid) ?? this.#seen.get(pid);
      if (named) this.#seen.set(pid, { name: named.name, peakMiB: named.peakMiB, cpuSeconds });
      open.push(...alive.filter(({ parent }) => parent === pid));
    }
  }

  cpuSeconds() {
    if (this.#seen.size === 0) return undefined;
    return [...this.#seen.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  }

  /** @returns {Record<string, number>} of the largest process of each name */
  peakMiB() {
    /** @type {Record<string, number>} */
    const peaks = {};
    for (const { name, peakMiB } of this.#seen.values()) peaks[name] = Math.max(peaks[name] ?? 0, peakMiB);
    return peaks;
  }
}

/** All processes there are. @returns {{ pid: number, parent: number, cpuSeconds: number }[]} */
function processes() {
  const folders = existsSync("/proc") ? readdirSync("/proc") : [];
  return folders.flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readText(`/proc/${name}/stat`) : undefined;
    if (stat === undefined) return [];
    // The name stands in brackets and may hold any character; after it come the state, the parent, …, and as 12th and
    // 13th utime and stime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticks;
    return [{ pid: Number(name), parent: Number(fields[1]), cpuSeconds }];
  });
}

/** @param {number} pid */
function look(pid) {
  const command = readText(`/proc/${pid}/cmdline`);
  const status = readText(`/proc/${pid}/status`);
  const peakKiB = Number(/VmHWM:\s*(\d+)/.exec(status ?? "")?.[1] ?? 0);
  // A process that has ended and is not waited for yet has no memory any more.
  return command && peakKiB > 0 ? { name: nameOf(command.split("\0")), peakMiB: peakKiB / 1024 } : undefined;
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // the process has ended
  }
}

/**
 * What a reader calls the process. Node runs two programs of Pulumi's, told apart by their scripts.
 * @param {string[]} command
 */
function nameOf([executable = "", ...args]) {
  const name = executable.split("/").at(-1) ?? "";
  if (name !== "node") return name;
  if (args.some((arg) => arg.includes("dynamic-provider"))) return "provider";
  if (args.some((arg) => arg.includes("cmd/run"))) return "program";
  return name;
}
