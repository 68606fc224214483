import { spawn } from "node:child_process";
import { basename } from "node:path";

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

/** @type {NodeJS.Signals[]} */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
/** @type {Set<() => void>} */
const cleanups = new Set();

/**
 * Runs `cleanup` (synchronously) when this process gets a signal to exit, until the returned function is
 * called. Signal handlers exist only while there is something to clean up. Otherwise Ctrl-C works as in the
 * importing program.
 * @param {() => void} cleanup
 * @returns {() => void}
 */
export function addInterruptCleanup(cleanup) {
  if (cleanups.size === 0) for (const signal of signals) process.on(signal, handleInterrupt);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) for (const signal of signals) process.off(signal, handleInterrupt);
  };
}

/** @param {NodeJS.Signals} signal */
function handleInterrupt(signal) {
  // Last in, first out: kill a child process before removing the folder that it writes to.
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup();
    } catch {
      // A failed cleanup must not prevent the others.
    }
  }
  cleanups.clear();
  for (const name of signals) process.off(name, handleInterrupt);
  // Exit by the signal itself, so that the parent shell or npm sees the reason, unless the program has its
  // own handler.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/**
 * Returns the command to run npm: the npm that started this process, with the settings and version of the
 * user, or else npm on PATH. `npm_execpath` may also belong to another package manager.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[] }}
 */
export function getNpmCommand(env = process.env) {
  const caller = env["npm_execpath"];
  if (caller !== undefined && basename(caller) === "npm-cli.js")
    return { command: process.execPath, args: [caller] };
  return { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

/**
 * Creates the environment for npm: the caller's environment without the variables of `npm run` about its
 * project, which an npm in another folder would apply. Keeps settings such as the registry, but not `npm run
 * --silent`, which would hide the cause of a failure.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function createNpmEnv(env = process.env) {
  const ours = /^(npm_lifecycle_|npm_package_|npm_command$|npm_config_(local|global)?_?prefix$|INIT_CWD$)/i;
  const inherited = Object.entries(env).filter(([name]) => !ours.test(name));
  return { ...Object.fromEntries(inherited), npm_config_loglevel: "error" };
}
