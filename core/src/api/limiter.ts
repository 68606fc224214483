import type { RouteName } from "./routes.js";
import { MAX_TIMER_MS } from "./timers.js";

/** Two waits are reported as one if they end within this many milliseconds of each other. */
const SAME_WAIT_MS = 1000;
/** `X-RateLimit-Reset` has whole seconds, so a window may end this much earlier than its responses report. */
const RESET_PRECISION_MS = 1000;
/** A 429 is a new incident if more milliseconds than this have passed since the last 429 and since the end of the pause. */
const MAX_GAP_MS = 60_000;

/** A request was not started, because the rate limit resets after the maximum wait of the request. */
export class RateLimitedError extends Error {
  /** @param retryAfterMs - time until the rate limit resets, in milliseconds */
  constructor(readonly retryAfterMs: number) {
    super("the rate limit resets too late");
  }
}

interface QueuedRequest {
  start: () => void;
  reject: (error: RateLimitedError) => void;
  /** How long the request may still wait for the rate limit, in milliseconds. */
  getMaxWaitMs: () => number;
  /** Whether an earlier attempt of the same call was made. */
  isRetry: boolean;
}

/**
 * Queues the requests that share a rate limit, and starts them in order of arrival, retries first. Limits the concurrent requests,
 * and the requests in each window of the rate limit that the responses report. A 429 that requests a delay pauses all requests, so
 * that they do not each receive a 429. A request whose maximum wait is too short for the pause is rejected immediately.
 */
export class RequestLimiter {
  private queue: QueuedRequest[] = [];
  private active = 0;
  private pausedUntil = 0;
  /**
   * How many requests may still start in this window. A range, because a response may or may not count the other outstanding
   * requests. Undefined if unknown.
   */
  private remaining: { min: number; max: number } | undefined;
  private windowEndsAt = 0;
  /** Until this time, all responses are certain to belong to the same window. */
  private sameWindowUntil = 0;
  private limit: number | undefined;
  /**
   * The times of the first and the last 429 of the current incident, a series of 429s without another response between them.
   * Undefined if the last response was not a 429.
   */
  private rateLimited: { since: number; last: number } | undefined;
  /** The longest window, or time until a reset, that responses have reported. */
  private periodMs = 0;
  /** The time of the latest scheduled call of {@link startQueued}, or 0. Calls at earlier times may be scheduled too. */
  private wakeAt = 0;
  /** The end of the last wait that was reported. */
  private reportedUntil = 0;

  constructor(
    private readonly maxConcurrent: number,
    private readonly clock: { now: () => number; sleep: (ms: number) => Promise<void> },
    private readonly onWait: (ms: number) => void = () => undefined,
  ) {}

  /**
   * Runs `work` when both the maximum of concurrent requests and the rate limit permit it.
   *
   * @param getMaxWaitMs - returns how long the work may still wait for the rate limit, in milliseconds. The wait for other requests
   *   has no limit.
   * @param options - `isRetry`: whether an earlier attempt of the same call was made. Retries precede all first attempts in the
   *   queue, because the timeout of their call has started. Default: false
   * @throws {@link RateLimitedError} if the rate limit resets after the maximum wait
   */
  async run<T>(
    work: () => Promise<T>,
    getMaxWaitMs: () => number = () => Infinity,
    { isRetry } = { isRetry: false },
  ): Promise<T> {
    await new Promise<void>((start, reject) => {
      this.addToQueue({ start, reject, getMaxWaitMs, isRetry });
      this.startQueued();
    });
    try {
      return await work();
    } finally {
      this.active--;
      this.startQueued();
    }
  }

  /** Adds a request to the queue. A retry precedes all first attempts, because its call would time out behind many of them. */
  private addToQueue(queued: QueuedRequest): void {
    const index = queued.isRetry ? this.queue.findIndex(({ isRetry }) => !isRetry) : -1;
    this.queue.splice(index === -1 ? this.queue.length : index, 0, queued);
  }

  /** Updates the rate limit from a response. */
  recordResponse(status: number, rateLimit: RateLimit): void {
    const { limit, periodSeconds, remaining } = rateLimit;
    // With another status, a requested delay is not about the rate limit: a 503 delays only its own call.
    const delaySeconds = status === 429 ? getRequestedDelay(status, rateLimit) : undefined;
    const resetSeconds = rateLimit.resetSeconds ?? delaySeconds;
    if (limit !== undefined) this.limit = limit;
    this.rateLimited = status === 429 ? this.computeRateLimited() : undefined;
    this.periodMs = Math.max(this.periodMs, (periodSeconds ?? 0) * 1000, (resetSeconds ?? 0) * 1000);
    if (delaySeconds !== undefined) this.pauseFor(delaySeconds * 1000);
    if (resetSeconds === undefined) return;
    if (remaining !== undefined) this.recordRemaining(remaining, this.clock.now() + resetSeconds * 1000);
  }

  private computeRateLimited(): { since: number; last: number } {
    const now = this.clock.now();
    const { since, last } = this.rateLimited ?? { since: now, last: now };
    // After a long time without requests, for example while the engine waits for other resources, a 429 is a new incident.
    return { since: now > Math.max(last, this.pausedUntil) + MAX_GAP_MS ? now : since, last: now };
  }

  /** Pauses all requests for the next `ms` milliseconds. */
  pauseFor(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
  }

  /**
   * Returns the milliseconds since the first 429 of the current incident. Returns 0 if the last response was not a 429. A 429 after
   * a long gap is a new incident: see {@link MAX_GAP_MS}. The caller subtracts the result from the timeout of
   * a call. The difference is the maximum wait of the call for the rate limit, before its first attempt.
   */
  getRateLimitedMs(): number {
    return this.rateLimited === undefined ? 0 : this.clock.now() - this.rateLimited.since;
  }

  private recordRemaining(remaining: number, windowEndsAt: number): void {
    this.advanceWindow();
    // Responses can arrive out of order. Within one window, the lowest value is the latest.
    const isSameWindow = this.remaining !== undefined && this.clock.now() < this.sameWindowUntil;
    const max = isSameWindow ? Math.min(remaining, this.remaining?.max ?? remaining) : remaining;
    this.remaining = { min: Math.max(0, max - (this.active - 1)), max };
    this.windowEndsAt = windowEndsAt;
    if (!isSameWindow) this.sameWindowUntil = windowEndsAt - RESET_PRECISION_MS;
  }

  /**
   * Starts as many queued requests as both limits permit. If the rate limit permits none, schedules another call of this method. If
   * the response to an active request can correct the wait, no schedule is needed: the end of each request calls this method.
   */
  private startQueued(): void {
    while (this.queue.length > 0 && this.active < this.maxConcurrent) {
      const pausedMs = this.getPausedMs();
      if (pausedMs > 0) {
        // If no 429 pauses the requests now, they wait only because of the count of remaining requests. The response to an active
        // request can correct this count.
        if (this.active > 0 && this.clock.now() >= this.pausedUntil) return;
        this.rejectBeyondMaxWait(pausedMs);
        if (this.queue.length > 0) this.scheduleWake(pausedMs);
        return;
      }
      if (this.remaining) {
        // If `min` is 0, outstanding requests may use up the window, so wait for their responses. Without outstanding requests,
        // start one request, because its response reports how many may still start.
        if (this.remaining.min <= 0 && this.active > 0) return;
        this.remaining = { min: Math.max(0, this.remaining.min - 1), max: this.remaining.max - 1 };
      }
      this.active++;
      this.queue.shift()?.start();
    }
  }

  private getPausedMs(): number {
    this.advanceWindow();
    const isExhausted = this.remaining !== undefined && this.remaining.max <= 0;
    const resetsAt = isExhausted ? Math.max(this.pausedUntil, this.windowEndsAt) : this.pausedUntil;
    return Math.max(0, resetsAt - this.clock.now());
  }

  /**
   * Starts the next window with the full limit, if the current window is over. If the limit is unknown, the count is unknown too.
   * Later responses correct the count and the end of the window.
   */
  private advanceWindow(): void {
    if (this.remaining === undefined || this.clock.now() < this.windowEndsAt) return;
    this.remaining = this.limit === undefined ? undefined : { min: this.limit, max: this.limit };
    this.windowEndsAt = this.clock.now() + this.periodMs;
  }

  private rejectBeyondMaxWait(pausedMs: number): void {
    const rejected = this.queue.filter(({ getMaxWaitMs }) => getMaxWaitMs() <= pausedMs);
    this.queue = this.queue.filter((queued) => !rejected.includes(queued));
    for (const { reject } of rejected) reject(new RateLimitedError(pausedMs));
  }

  /**
   * Schedules a call of `startQueued` after a delay. Does nothing if a call is already scheduled for that time or later. An earlier
   * call is not enough, because requests may still be paused then.
   */
  private scheduleWake(ms: number): void {
    const at = this.clock.now() + ms;
    if (this.wakeAt >= at) return;
    this.wakeAt = at;
    // The 429 responses to concurrent requests arrive at different times, so the ends of their waits differ by milliseconds. Report
    // their wait once.
    if (at > this.reportedUntil + SAME_WAIT_MS) {
      this.reportedUntil = at;
      this.onWait(ms);
    }
    void this.clock.sleep(Math.min(ms, MAX_TIMER_MS)).then(() => {
      if (this.wakeAt === at) this.wakeAt = 0;
      this.startQueued();
    });
  }
}

/**
 * The limiters of the calls of one organization, except token exchanges (see `createExchange`). The calls share one limiter, unless
 * `GET /api/v2/org` has its own rate limit. Then `GET /api/v2/org` has its own limiter. Its rate limit counts as separate while the
 * last `X-RateLimit-Name` in its responses differs from the last name in the responses to other calls. See
 * https://docs.datadoghq.com/api/latest/rate-limits/.
 *
 * The rate limit of `GET /api/v2/org` must not delay the other calls. A change of connections often works without
 * `GET /api/v2/org`, because a list of connections often shows which organization the credentials belong to.
 *
 * While only `GET /api/v2/org` has reported a name, its limit counts as separate. If the other calls have the same limit, they get
 * a few more 429s.
 */
export class RequestLimiters {
  /** The limiter of `GET /api/v2/org`, once it is separate. */
  private own: RequestLimiter | undefined;
  /** The last name of a rate limit in the responses to `GET /api/v2/org`. Undefined until a response contains one. */
  private ownName: string | undefined;
  /** The last name of a rate limit in the responses to other calls. */
  private sharedName: string | undefined;

  constructor(
    private readonly shared: RequestLimiter,
    private readonly createLimiter: () => RequestLimiter,
  ) {}

  /** Returns the limiter of a call. */
  getLimiter(route: RouteName): RequestLimiter {
    const hasOwn =
      route === "listOrganizations" && this.ownName !== undefined && this.ownName !== this.sharedName;
    return hasOwn ? (this.own ??= this.createLimiter()) : this.shared;
  }

  /** Updates the rate limit of a call from its response. */
  recordResponse(route: RouteName, status: number, rateLimit: RateLimit): void {
    if (route === "listOrganizations") this.ownName = rateLimit.name ?? this.ownName;
    else this.sharedName = rateLimit.name ?? this.sharedName;
    this.getLimiter(route).recordResponse(status, rateLimit);
  }
}

/** Response headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** What a response reports about the caller's rate limit. */
export interface RateLimit {
  /** The name of the limit. Calls whose responses have the same name share one limit. */
  name?: string | undefined;
  /** Maximum requests in each window. */
  limit?: number | undefined;
  /** Length of a window, in seconds. */
  periodSeconds?: number | undefined;
  /** Requests left in this window. */
  remaining?: number | undefined;
  /**
   * Seconds to the next window. Any response may report them. They are a requested delay only in a 429: see
   * {@link getRequestedDelay}.
   */
  resetSeconds?: number | undefined;
  /** Seconds to wait according to `Retry-After`. */
  retryAfterSeconds?: number | undefined;
}

/** One month. A header with a larger value is ignored: the value is probably a clock time, not a duration. */
const MAX_WAIT_SECONDS = 31 * 86_400;

/**
 * Parses the rate limit headers. `X-RateLimit-Reset` contains the *seconds to wait*, not a clock time: see
 * https://docs.datadoghq.com/api/latest/rate-limits/. A malformed header is ignored.
 */
export function parseRateLimit(headers: Headers): RateLimit {
  const name = headers["x-ratelimit-name"];
  const limit = parseCount(headers["x-ratelimit-limit"]);
  const periodSeconds = parseSeconds(headers["x-ratelimit-period"]);
  const remaining = parseCount(headers["x-ratelimit-remaining"]);
  const resetSeconds = parseSeconds(headers["x-ratelimit-reset"]);
  const retryAfterSeconds = parseSeconds(headers["retry-after"]);
  return { name, limit, periodSeconds, remaining, resetSeconds, retryAfterSeconds };
}

/**
 * Returns the seconds to wait before another attempt, if a response with this status requests a delay. A delay of zero does not
 * count. A server that rounds down sends zero in the last second of a window, when further attempts would still fail.
 */
function getRequestedDelay(
  status: number,
  { resetSeconds, retryAfterSeconds }: RateLimit,
): number | undefined {
  const delays = status === 429 ? [resetSeconds, retryAfterSeconds] : [retryAfterSeconds];
  return delays.find((seconds) => seconds !== undefined && seconds > 0);
}

/** Like {@link getRequestedDelay}, from the headers of a response. */
export const parseRequestedDelay = (status: number, headers: Headers): number | undefined =>
  getRequestedDelay(status, parseRateLimit(headers));

function parseSeconds(header: string | undefined): number | undefined {
  const value = parseCount(header);
  return value !== undefined && value <= MAX_WAIT_SECONDS ? value : undefined;
}

function parseCount(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined;
}
