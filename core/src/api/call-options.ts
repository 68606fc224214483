import { setTimeout as delay } from "node:timers/promises";
import type { Access } from "./http.js";
import { RequestLimiter } from "./request-limiter.js";
import type { RetryPolicy } from "./retry.js";

/** A wait before an attempt, as a warning reports it. */
export interface Wait {
  ms: number;
  /** The organization: `organization "payments"`. */
  label: string;
  /** Why the wait is necessary: `Datadog responded with status 503`. */
  reason: string;
}

/** How calls are made. Only tests set `clock` and `random`. */
export interface CallOptions extends Access {
  /** For messages: `organization "payments"`. */
  label: string;
  /** For messages: `DD_API_KEY and DD_APP_KEY`, or `DD_BEARER_TOKEN`. */
  credentialsFrom: string;
  /** Replaces values of {@link defaultRetryPolicy}. */
  retry?: Partial<RetryPolicy>;
  /** Timeout of one attempt, in milliseconds. @default 30,000 */
  requestTimeoutMs?: number;
  /** Maximum concurrent requests of one limiter (see {@link createLimiter}). @default 32 */
  maxConcurrent?: number;
  /** Called before a wait. Requests that wait for the same reset of the rate limit are reported once. */
  onWait?: (wait: Wait) => void;
  /** Called before each attempt of a create, update or delete. Throws if the request must not be sent. */
  beforeWrite?: (() => Promise<void>) | undefined;
  /** @default {@link systemClock} */
  clock?: { now: () => number; sleep: (ms: number) => Promise<void> };
  /** Returns a random number from 0 up to, but not including, 1. @default `Math.random` */
  random?: () => number;
}

/** A monotonic clock. Times are in milliseconds. */
export const systemClock = { now: () => performance.now(), sleep: (ms: number) => delay(ms) };

/** Creates a limiter for requests of one organization. */
export const createLimiter = ({ maxConcurrent, clock, onWait, label }: CallOptions): RequestLimiter =>
  new RequestLimiter(maxConcurrent ?? 32, clock ?? systemClock, (ms) =>
    onWait?.({ ms, label, reason: "its rate limit is exhausted" }),
  );
