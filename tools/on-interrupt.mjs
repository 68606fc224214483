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
