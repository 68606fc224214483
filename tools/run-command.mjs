import { spawn } from "node:child_process";
import { addInterruptCleanup } from "./on-interrupt.mjs";

const maxCharacters = 200_000;

/** A failed command, with a short `reason` and the `output` of both streams in order. */
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

  getLines() {
    return this.output.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  }

  /**
   * The lines to show: the end usually names the cause, but sometimes the beginning does (npm prints its
   * usage after it).
   */
  getExcerpt() {
    const lines = this.getLines();
    return lines.length <= 24 ? lines : [...lines.slice(0, 8), "...", ...lines.slice(-15)];
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] the time limit of the command
 * @property {{ afterMs: number, getProgress: () => unknown }} [stall] kills the command if it prints nothing
 *   and `getProgress` returns the same value for this time, so that a slow download continues, but a hanging
 *   one does not
 * @property {(pid: number) => void} [onStart]
 */

/**
 * Runs a command without standard input and returns its output. The command and its child processes end with
 * this process.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} the output of both streams
 */
export function runCommand(command, args, { cwd, env = process.env, timeoutMs, stall, onStart } = {}) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === "win32";
    // On POSIX, use a separate process group, so that child processes can be killed with the command.
    const child = spawn(command, args, {
      cwd,
      env,
      detached: !windows,
      shell: windows && command.endsWith(".cmd"),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    /** @type {string | undefined} */
    let endReason;
    const kill = () => {
      if (child.pid === undefined) return;
      try {
        if (windows) child.kill();
        else process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has already exited.
      }
    };
    /** @param {string} reason */
    const endCommand = (reason) => {
      endReason ??= reason;
      kill();
    };

    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    if (timeoutMs !== undefined) {
      timers.push(
        setTimeout(() => endCommand(`timed out after ${Math.round(timeoutMs / 1000)} s`), timeoutMs),
      );
    }
    if (stall !== undefined) timers.push(watchForStall(stall, () => output.length, endCommand));
    const forget = addInterruptCleanup(kill);
    const cleanUp = () => {
      forget();
      for (const timer of timers) clearTimeout(timer);
    };

    /** @param {Buffer} chunk */
    const appendOutput = (chunk) => {
      output = (output + chunk.toString()).slice(-maxCharacters);
    };
    child.stdout.on("data", appendOutput);
    child.stderr.on("data", appendOutput);
    if (child.pid !== undefined) onStart?.(child.pid);
    child.on("error", (error) => {
      cleanUp();
      reject(new CommandFailed(`cannot be started: ${error.message}`, output));
    });
    // Use "close" instead of "exit": on "exit", the last lines, which have the reason of a failure, may still
    // be in the pipe.
    child.on("close", (code, signal) => {
      cleanUp();
      if (code === 0 && endReason === undefined) resolve(output);
      else
        reject(
          new CommandFailed(endReason ?? (signal ? `killed by ${signal}` : `exit code ${code}`), output),
        );
    });
  });
}

/**
 * @param {{ afterMs: number, getProgress: () => unknown }} stall
 * @param {() => unknown} printed
 * @param {(reason: string) => void} endCommand
 */
function watchForStall({ afterMs, getProgress }, printed, endCommand) {
  let last = "";
  let since = Date.now();
  const every = Math.min(2000, afterMs / 4);
  return setInterval(() => {
    const now = `${printed()} ${getProgress()}`;
    if (now !== last) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since >= afterMs) {
      endCommand(`no progress for ${Math.round(afterMs / 1000)} s`);
    }
  }, every);
}
