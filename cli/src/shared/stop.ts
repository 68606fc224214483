import { constants } from "node:os";

/** The signals that stop a command. */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The abort reason of `CommandContext.signal` if SIGINT or SIGTERM stops the command. */
export class Stopped extends Error {
  constructor(private readonly signalName: (typeof STOP_SIGNALS)[number] = "SIGINT") {
    super(`The command was stopped by ${signalName} before it finished.`);
  }

  /** The exit code by the convention of shells: 128 plus the signal's number. */
  get exitCode(): number {
    return 128 + constants.signals[this.signalName];
  }
}

/**
 * Waits for the result of a command. Rejects with {@link Stopped} as soon as the signal is aborted. After that, the command may
 * continue until the process exits.
 */
export async function rejectWhenStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    // A reason other than `Stopped` means a fatal error (see `CommandContext`). Then the process ends before this rejection is
    // handled.
    onAbort = () => reject(signal.reason instanceof Stopped ? signal.reason : new Stopped());
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
  }
}
