import { spawn } from "node:child_process";
import { onInterrupt } from "./on-interrupt.mjs";

const keptCharacters = 200_000;

/** A command that did not end well: `reason` in a few words, `output` of both streams, in order. */
export class CommandFailed extends Error {
  /**
   * @param {string} reason
   * @param {string} output
   */
  constructor(reason, output) {
    super(reason);
    this.name = "CommandFailed";
    this.reason = reason;
    this.output = output;
  }

  lines() {
    return this.output.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  }

  /** The lines to show: the beginning may name the cause (npm prints its usage after it), the end mostly does. */
  excerpt() {
    const lines = this.lines();
    return lines.length <= 24 ? lines : [...lines.slice(0, 8), "...", ...lines.slice(-15)];
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] ended after so long, whatever it does
 * @property {{ afterMs: number, sign: () => unknown }} [stall] ended when it prints nothing and `sign` gives the
 *   same value for so long: a slow download may go on, a hanging one may not
 * @property {(pid: number) => void} [onStart]
 */

/**
 * Runs a command with nothing on its stdin and keeps what it prints. The command and all it started end with us.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} what it printed on both streams
 */
export function runCommand(command, args, { cwd, env = process.env, timeoutMs, stall, onStart } = {}) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === "win32";
    // A process group of its own on POSIX: what the command started can then be ended together with it.
    const child = spawn(command, args, {
      cwd,
      env,
      detached: !windows,
      shell: windows && command.endsWith(".cmd"),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    /** @type {string | undefined} */
    let endedBecause;
    const kill = () => {
      if (child.pid === undefined) return;
      try {
        if (windows) child.kill();
        else process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has ended by itself in the meantime.
      }
    };
    /** @param {string} reason */
    const end = (reason) => {
      endedBecause ??= reason;
      kill();
    };

    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    if (timeoutMs !== undefined) {
      timers.push(setTimeout(() => end(`no end after ${Math.round(timeoutMs / 1000)} s`), timeoutMs));
    }
    if (stall !== undefined) timers.push(watchForStall(stall, () => output.length, end));
    const forget = onInterrupt(kill);
    const finished = () => {
      forget();
      for (const timer of timers) clearTimeout(timer);
    };

    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk.toString()).slice(-keptCharacters);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    if (child.pid !== undefined) onStart?.(child.pid);
    child.on("error", (error) => {
      finished();
      reject(new CommandFailed(`cannot be started: ${error.message}`, output));
    });
    // "close", not "exit": the last lines, which say why it failed, may still be in the pipe at "exit".
    child.on("close", (code, signal) => {
      finished();
      if (code === 0 && endedBecause === undefined) resolve(output);
      else
        reject(
          new CommandFailed(endedBecause ?? (signal ? `ended by ${signal}` : `exit code ${code}`), output),
        );
    });
  });
}

/**
 * @param {{ afterMs: number, sign: () => unknown }} stall
 * @param {() => unknown} printed
 * @param {(reason: string) => void} end
 */
function watchForStall({ afterMs, sign }, printed, end) {
  let last = "";
  let since = Date.now();
  const every = Math.min(2000, afterMs / 4);
  return setInterval(() => {
    const now = `${printed()} ${sign()}`;
    if (now !== last) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since >= afterMs) {
      end(`no progress for ${Math.round(afterMs / 1000)} s`);
    }
  }, every);
}
