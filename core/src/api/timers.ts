import { setTimeout as delay } from "node:timers/promises";

/** A monotonic clock. Times are in milliseconds. */
export const systemClock = { now: () => performance.now(), sleep: (ms: number) => delay(ms) };

/** The maximum delay of a Node timer. A timer with a longer delay fires immediately. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The error of {@link runWithin} after its timeout. */
export class TimedOutError extends Error {}

/**
 * Runs work that cannot be canceled, such as a library call. After the timeout, rejects with a {@link TimedOutError} or the given
 * error, and ignores the result of the work.
 */
export async function runWithin<T>(
  timeoutMs: number,
  work: () => Promise<T>,
  createError: () => Error = () => new TimedOutError(),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(createError()), Math.min(Math.max(1, timeoutMs), MAX_TIMER_MS));
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
