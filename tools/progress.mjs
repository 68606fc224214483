/** @typedef {(line: string) => void} Log */

const quietSeconds = 2;
const plainLineEverySeconds = 15;

/** @type {Log} */
export const logLine = (line) => {
  process.stderr.write(`${line}\n`);
};

/**
 * Does `work` and, as soon as it takes more than two seconds, shows that something is happening: on a terminal
 * one line with the seconds counting up, elsewhere (CI logs) a plain line now and then.
 * @template T
 * @param {{ what: string, log: Log }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during({ what, log }, work) {
  const started = Date.now();
  const terminal = process.stderr.isTTY && process.env["CI"] === undefined;
  const seconds = () => Math.round((Date.now() - started) / 1000);
  let shown = false;
  let nextPlainLine = quietSeconds;

  const timer = setInterval(() => {
    if (seconds() < nextPlainLine) return;
    shown = true;
    if (terminal) {
      process.stderr.write(`\r\x1b[2K${what} ... ${seconds()} s`);
    } else {
      log(`${what} ... ${seconds()} s`);
      nextPlainLine = Math.max(plainLineEverySeconds, nextPlainLine + plainLineEverySeconds);
    }
  }, 1000);
  const end = () => {
    clearInterval(timer);
    if (shown && terminal) process.stderr.write("\r\x1b[2K");
  };

  try {
    const result = await work();
    end();
    if (shown) log(`${what}: done in ${seconds()} s`);
    return result;
  } catch (error) {
    end();
    throw error;
  }
}
