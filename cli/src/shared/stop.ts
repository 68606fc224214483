import { constants } from "node:os";

/** The signals that stop a command. */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The `reason` of the AbortSignal in the command's context when a signal of the operating system stops the command. */
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
 * Waits for the result of a command. Rejects with {@link Stopped} as soon as the signal is aborted. The command itself may continue
 * until the process exits, for example because it waits for a server.
 */
export async function rejectWhenStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // Prevent an unhandled rejection: the command may fail when nothing awaits it anymore.
  work.catch(() => undefined);
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    // If the reason is not a `Stopped`, the process ends before anything handles this rejection (see `CommandContext`).
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
