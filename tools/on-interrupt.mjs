/** @type {NodeJS.Signals[]} */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
/** @type {Set<() => void>} */
const cleanups = new Set();

/**
 * Runs `cleanup` (synchronous) when this process is told to stop, until the returned function is called.
 * Signal handlers are in place only while there is something to clean up, so that Ctrl-C means at any other
 * time what the program that imports this decides.
 * @param {() => void} cleanup
 * @returns {() => void}
 */
export function onInterrupt(cleanup) {
  if (cleanups.size === 0) for (const signal of signals) process.on(signal, interrupted);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) for (const signal of signals) process.off(signal, interrupted);
  };
}

/** @param {NodeJS.Signals} signal */
function interrupted(signal) {
  // Last in, first out: a child is ended before the folder that it writes to is removed.
  for (const cleanup of [...cleanups].reverse()) {
    try {
      cleanup();
    } catch {
      // What one cleanup leaves behind must not keep the others from running.
    }
  }
  cleanups.clear();
  for (const name of signals) process.off(name, interrupted);
  // Ended by the signal itself, so that a shell or npm above sees why; a handler of the program's own comes first.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
