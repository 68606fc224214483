import { rateLimitOf, type Headers } from "./rate-limit.js";
import type { Method } from "./routes.js";

/** How often and how long one call is tried. Times in milliseconds. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  tries: number;
  /** The wait before the second try, doubled for each further one; the actual wait is random, up to that. */
  baseDelayMs: number;
  /** The longest wait of our own choosing. */
  maxDelayMs: number;
  /** The budget of one call: all tries and all waits. */
  totalMs: number;
}

/** The default: 6 tries within 2 minutes, first wait up to 0.5 s. */
export const defaultRetryPolicy: RetryPolicy = {
  tries: 6,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
  totalMs: 120_000,
};

/** How one try failed. */
export type TryFailure =
  | { kind: "status"; status: number; headers: Headers }
  /** No usable answer came; `transient` when a second try may well go through. */
  | { kind: "no-answer"; transient: boolean };

/** What to do after a failed try. */
export type RetryDecision = { retry: false } | { retry: true; delayMs: number };

/**
 * Whether and when a failed try is repeated: a pure function of what happened.
 *
 * A create is repeated after a 429 only, because a 429 is the one answer that proves that nothing was written; after
 * anything else the pair has to be looked up first. The other calls can be repeated without harm. The server's own
 * wait is kept to the millisecond, without jitter; a wait beyond the budget ends the call.
 */
export function decideRetry(args: {
  method: Method;
  failure: TryFailure;
  /** Number of the failed try, from 1. */
  attempt: number;
  elapsedMs: number;
  /** A number from 0 up to 1. */
  random: number;
  policy: RetryPolicy;
}): RetryDecision {
  const { method, failure, attempt, elapsedMs, random, policy } = args;
  if (attempt >= policy.tries || !isRepeatable(method, failure)) return { retry: false };
  const delayMs = serverWait(failure) ?? backoff(attempt, random, policy);
  return elapsedMs + delayMs < policy.totalMs ? { retry: true, delayMs } : { retry: false };
}

function isRepeatable(method: Method, failure: TryFailure): boolean {
  if (failure.kind === "status" && failure.status === 429) return true;
  if (method === "POST") return false;
  return failure.kind === "status" ? [500, 502, 503, 504].includes(failure.status) : failure.transient;
}

function serverWait(failure: TryFailure): number | undefined {
  if (failure.kind !== "status" || (failure.status !== 429 && failure.status !== 503)) return undefined;
  const { resetSeconds } = rateLimitOf(failure.headers);
  return resetSeconds === undefined ? undefined : resetSeconds * 1000;
}

function backoff(attempt: number, random: number, policy: RetryPolicy): number {
  return Math.round(random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1)));
}
