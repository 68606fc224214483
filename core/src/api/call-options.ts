import { setTimeout as delay } from "node:timers/promises";
import type { Access } from "./http.js";
import { RequestLimiter } from "./request-limiter.js";
import type { RetryPolicy } from "./retry.js";

/** A wait before an attempt. */
export interface Wait {
  ms: number;
  label: string;
  reason: string;
}

/** How calls are made. Tests also replace the clock and the random numbers. */
export interface CallOptions extends Access {
  /** For messages: `organization "payments"`. */
  label: string;
  /** For messages: `DD_API_KEY and DD_APP_KEY`, or `DD_BEARER_TOKEN`. */
  credentialsFrom: string;
  /** @default {@link defaultRetryPolicy} */
  retry?: Partial<RetryPolicy>;
  /** Timeout of one attempt, in milliseconds. @default 30,000 */
  requestTimeoutMs?: number;
  /** Maximum concurrent requests. @default 32 */
  maxConcurrent?: number;
  /** Called before a wait. Requests that wait for the same reset of the rate limit are reported once. */
  onWait?: (wait: Wait) => void;
  /** Called before each attempt of a create, update or delete. Throws if the request must not be sent. */
  beforeWrite?: (() => Promise<void>) | undefined;
  clock?: { now: () => number; sleep: (ms: number) => Promise<void> };
  random?: () => number;
}

/** The clock of this process. */
export const systemClock = { now: () => performance.now(), sleep: (ms: number) => delay(ms) };

/** Creates the limiter of the requests of one organization. */
export const createLimiter = ({ maxConcurrent, clock, onWait, label }: CallOptions): RequestLimiter =>
  new RequestLimiter(maxConcurrent ?? 32, clock ?? systemClock, (ms) =>
    onWait?.({ ms, label, reason: "its rate limit is exhausted" }),
  );
