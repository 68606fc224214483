import { constants } from "node:os";

/** The signals that ask a command to stop. */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Why a command was stopped; the reason of the context's aborted signal. */
export class Stopped extends Error {
  constructor(private readonly signalName: (typeof STOP_SIGNALS)[number] = "SIGINT") {
    super(`Stopped by ${signalName} before it was done.`);
  }

  /** As a shell reports it: 128 and the number of the signal. */
  get exitCode(): number {
    return 128 + constants.signals[this.signalName];
  }
}

/**
 * The result of a command, or a {@link Stopped} as soon as the signal is aborted. The command itself may go on until the
 * process exits: it waits for a server, and what it would do then is not worth waiting for.
 */
export async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // It may fail when nobody waits for it any more.
  work.catch(() => undefined);
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
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
