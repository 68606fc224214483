import { parseRequestedDelay, type Headers } from "./limiter.js";
import { isWrite, routes, type RouteName } from "./routes.js";

/** How often and for how long one call is attempted. Times are in milliseconds. */
export interface RetryPolicy {
  /** Maximum attempts, including the first one. After a 401, an attempt with another access token does not count. */
  maxAttempts: number;
  /**
   * Maximum delay before the second attempt. The maximum doubles for each later attempt. The actual delay is a random part of the
   * maximum.
   */
  baseDelayMs: number;
  /** Maximum delay, unless the server requests a longer one. */
  maxDelayMs: number;
  /**
   * Timeout of one call with all its attempts and delays. It starts with the first attempt. It is also the maximum wait for the
   * rate limit before the first attempt: see `ApiCalls.send`.
   */
  callTimeoutMs: number;
}

/** The default policy: 6 attempts within 2 minutes, with a first delay of up to 0.5 s. */
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 6,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
  callTimeoutMs: 120_000,
};

/** How one attempt failed. */
export type AttemptFailure =
  | { kind: "status"; status: number; headers: Headers }
  /** There is no response, or it is unusable. `transient`: whether another attempt may succeed. */
  | { kind: "no-response"; transient: boolean };

/** What to do after a failed attempt. */
export type RetryDecision = { retry: false } | { retry: true; delayMs: number };

/** How the attempts of one call follow each other. */
interface AttemptsOptions<Result> {
  /** The route of the call. Undefined for a read at an address that is not the Datadog API. */
  route: RouteName | undefined;
  policy: RetryPolicy;
  /** Returns a random number from 0 up to, but not including, 1. */
  random: () => number;
  /** Returns the time since the first attempt started. */
  getElapsedMs: () => number;
  /** Waits before the next attempt, after an attempt with the given result has failed. */
  wait: (ms: number, result: Result) => Promise<void>;
}

/** Makes attempts until one succeeds, or until {@link decideRetry} permits no other. Returns the result of the last attempt. */
export async function makeAttempts<Result extends { failure?: AttemptFailure }>(
  makeAttempt: (attempt: number) => Promise<Result>,
  { route, policy, random, getElapsedMs, wait }: AttemptsOptions<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const result = await makeAttempt(attempt);
    const { failure } = result;
    if (!failure) return result;
    const decision = decideRetry({
      route,
      failure,
      attempt,
      elapsedMs: getElapsedMs(),
      random: random(),
      policy,
    });
    if (!decision.retry) return result;
    await wait(decision.delayMs, result);
  }
}

/**
 * Decides whether and when to repeat a failed attempt. A pure function. After a 401, `ApiCalls` decides whether to repeat the
 * attempt with another access token.
 *
 * - A create is repeated only after a 429, the only transient response that proves that nothing was written. After a failure that
 *   may have created the connection, the list of connections must be read before another create.
 * - The other calls are safe to repeat.
 * - A delay that the server requests with a 429 or 503 is used exactly, without a random part. In a 503, only `Retry-After`
 *   requests a delay.
 * - An attempt is not repeated if the delay would end after the timeout of the call.
 */
export function decideRetry(args: {
  route: RouteName | undefined;
  failure: AttemptFailure;
  /** The failed attempt, counted from 1. */
  attempt: number;
  /** The time since the first attempt started. */
  elapsedMs: number;
  /** A random number from 0 up to, but not including, 1. */
  random: number;
  policy: RetryPolicy;
}): RetryDecision {
  const { route, failure, attempt, elapsedMs, random, policy } = args;
  if (attempt >= policy.maxAttempts || !isRetryable(route, failure)) return { retry: false };
  const delayMs = getServerDelayMs(failure) ?? calculateBackoffMs(attempt, random, policy);
  return elapsedMs + delayMs < policy.callTimeoutMs ? { retry: true, delayMs } : { retry: false };
}

function isRetryable(route: RouteName | undefined, failure: AttemptFailure): boolean {
  if (failure.kind === "status" && failure.status === 429) return true;
  if (route && isWrite(route) && routes[route].method === "POST") return false;
  return failure.kind === "status" ? [500, 502, 503, 504].includes(failure.status) : failure.transient;
}

function getServerDelayMs(failure: AttemptFailure): number | undefined {
  if (failure.kind !== "status" || (failure.status !== 429 && failure.status !== 503)) return undefined;
  const seconds = parseRequestedDelay(failure.status, failure.headers);
  return seconds === undefined ? undefined : seconds * 1000;
}

function calculateBackoffMs(attempt: number, random: number, policy: RetryPolicy): number {
  return Math.round(random * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1)));
}
