import { setTimeout as delay } from "node:timers/promises";

/** The error of {@link runWithin} after its timeout. */
export class TimedOutError extends Error {}

/**
 * Runs work that cannot be canceled, such as a library call. After the timeout, rejects with a {@link TimedOutError} and ignores
 * the result of the work.
 */
export async function runWithin<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const finished = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: finished.signal }).then(() => {
    throw new TimedOutError();
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    finished.abort();
  }
}
