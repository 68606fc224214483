import { spawn } from "node:child_process";
import { ProcessTree } from "./process-tree.mjs";
import { createCommandError } from "./run-command.mjs";
import { addInterruptCleanup } from "../tools/run-command.mjs";

/** At most every tenth of a second, and for at most a twentieth of the time, because samples take time of the CPU. */
const sampling = { leastMs: 100, share: 1 / 20 };

/**
 * @typedef {object} Measured
 * @property {number} wallSeconds
 * @property {number | undefined} cpuSeconds of the command and its child processes; undefined without /proc
 * @property {Record<string, number>} peakMiB the largest resident memory by program name
 * @property {number | undefined} memoryMiB the most memory of all processes at one time; undefined without /proc
 * @property {number | undefined} processes the most processes at one time; undefined without /proc
 */

/**
 * Runs a command and measures it. A command that fails or times out stops the benchmark, because its figures
 * would be invalid.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, timeoutMs: number, successCode?: number }} options
 *   `successCode`: the exit code of success, by default 0
 * @returns {Promise<Measured>}
 */
export async function measureCommand(command, args, { cwd, env, timeoutMs, successCode = 0 }) {
  const started = performance.now();
  // Use a separate process group, so that child processes are killed with the command.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
  const forget = addInterruptCleanup(kill);
  let output = "";
  /** @param {Buffer} chunk */
  const appendOutput = (chunk) => void (output = (output + chunk.toString()).slice(-20_000));
  child.stdout.on("data", appendOutput);
  child.stderr.on("data", appendOutput);
  const tree = new ProcessTree(child.pid ?? 0);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const sample = () => {
    const before = performance.now();
    tree.sample();
    timer = setTimeout(
      sample,
      Math.max(sampling.leastMs, (performance.now() - before) * (1 / sampling.share - 1)),
    );
  };
  sample();
  const deadline = setTimeout(kill, timeoutMs);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode, signal) => resolve(exitCode ?? signal));
    });
    const wallSeconds = (performance.now() - started) / 1000;
    if (code !== successCode) throw createCommandError([command, ...args], code, output);
    return {
      wallSeconds,
      cpuSeconds: tree.getCpuSeconds(),
      peakMiB: tree.getPeakMiB(),
      memoryMiB: tree.getMemoryMiB(),
      processes: tree.getProcessCount(),
    };
  } finally {
    clearTimeout(timer);
    clearTimeout(deadline);
    forget();
  }
}
