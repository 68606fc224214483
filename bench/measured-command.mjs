import { spawn } from "node:child_process";
import { ProcessTree } from "./process-tree.mjs";
import { onInterrupt } from "../tools/on-interrupt.mjs";
import { SetupError } from "../tools/setup-error.mjs";

const sampleEveryMs = 100;

/**
 * @typedef {object} Measured
 * @property {number} wallSeconds
 * @property {number | undefined} cpuSeconds of the command and all it started; undefined where /proc is missing
 * @property {Record<string, number>} peakMiB the largest resident memory by program name
 */

/**
 * Runs a command and measures it. One that fails, or takes longer than it may, ends the benchmark: its figures would
 * mean nothing.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, timeoutMs: number, endsWith?: number }} options `endsWith`: the exit code
 *   of success, 0 when left out
 * @returns {Promise<Measured>}
 */
export async function measured(command, args, { cwd, env, timeoutMs, endsWith = 0 }) {
  const started = performance.now();
  // A process group of its own: what the command started ends together with it.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
  const forget = onInterrupt(kill);
  let output = "";
  /** @param {Buffer} chunk */
  const keep = (chunk) => void (output = (output + chunk.toString()).slice(-20_000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const tree = new ProcessTree(child.pid ?? 0);
  const sampling = setInterval(() => tree.sample(), sampleEveryMs);
  const deadline = setTimeout(kill, timeoutMs);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode, signal) => resolve(exitCode ?? signal));
    });
    const wallSeconds = (performance.now() - started) / 1000;
    if (code !== endsWith)
      throw new SetupError(`${[command, ...args].join(" ")} ended with ${code}:\n${output}`);
    return { wallSeconds, cpuSeconds: tree.cpuSeconds(), peakMiB: tree.peakMiB() };
  } finally {
    clearInterval(sampling);
    clearTimeout(deadline);
    forget();
  }
}
