/**
 * A failure that the user can fix. Its message says what happened and what to do next. It is printed without
 * a stack trace, which would only show set-up code.
 */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "SetupError";
  }
}

/**
 * Prints the error and exits. Of a SetupError, only the message is printed. Any other error is a bug and is
 * printed with its stack trace.
 * @param {unknown} error
 * @returns {never}
 */
export function exitWithError(error) {
  if (error instanceof SetupError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}

/** @typedef {(line: string) => void} Log */

const quietSeconds = 2;
const plainLineEverySeconds = 15;

/** @type {Log} */
export const logLine = (line) => {
  process.stderr.write(`${line}\n`);
};

/**
 * Runs `work`. After two seconds, shows progress: on a terminal, one line with a seconds counter; otherwise
 * (in CI logs), a line from time to time.
 * @template T
 * @param {{ what: string, log: Log }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function runWithProgress({ what, log }, work) {
  const started = Date.now();
  const terminal = process.stderr.isTTY && process.env["CI"] === undefined;
  const getSeconds = () => Math.round((Date.now() - started) / 1000);
  let shown = false;
  let nextPlainLine = quietSeconds;

  const timer = setInterval(() => {
    if (getSeconds() < nextPlainLine) return;
    shown = true;
    if (terminal) {
      process.stderr.write(`\r\x1b[2K${what} ... ${getSeconds()} s`);
    } else {
      log(`${what} ... ${getSeconds()} s`);
      nextPlainLine = Math.max(plainLineEverySeconds, nextPlainLine + plainLineEverySeconds);
    }
  }, 1000);
  const clearProgress = () => {
    clearInterval(timer);
    if (shown && terminal) process.stderr.write("\r\x1b[2K");
  };

  try {
    const result = await work();
    clearProgress();
    if (shown) log(`${what}: done in ${getSeconds()} s`);
    return result;
  } catch (error) {
    clearProgress();
    throw error;
  }
}
