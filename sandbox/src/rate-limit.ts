import { aboveZero, count, objectOf } from "./input.js";

/** How many requests each organization may send in how many seconds. */
export interface RateLimitOptions {
  limit: number;
  periodSeconds: number;
}

/** The schema of these options. */
export const rateLimit = objectOf({ limit: count, periodSeconds: aboveZero });

/** The name in `X-RateLimit-Name`. (Assumption: nobody recorded one for this API.) */
export const RATE_LIMIT_NAME = "org_connections";

/** What the limiter says of one request. */
export interface RateLimitVerdict {
  allowed: boolean;
  headers: Record<string, string>;
}

/**
 * Fixed windows, one for each organization, opened by its first request. (Assumption: the platform's documentation
 * gives the headers, not the kind of window.)
 */
export class RateLimiter {
  readonly #windows = new Map<string, { startedAt: number; used: number }>();

  constructor(
    private readonly options: RateLimitOptions | undefined,
    private readonly now: () => Date,
  ) {}

  /** Counts one request. Without a limit everything is allowed and there are no headers. */
  count(organization: string): RateLimitVerdict {
    if (!this.options) return { allowed: true, headers: {} };
    const { limit, periodSeconds } = this.options;
    const at = this.now().getTime();
    let window = this.#windows.get(organization);
    if (!window || at >= window.startedAt + periodSeconds * 1000) {
      window = { startedAt: at, used: 0 };
      this.#windows.set(organization, window);
    }
    const allowed = window.used < limit;
    if (allowed) window.used++;
    return {
      allowed,
      headers: {
        "X-RateLimit-Limit": String(limit),
        "X-RateLimit-Period": String(periodSeconds),
        "X-RateLimit-Remaining": String(limit - window.used),
        // Seconds to the next window, not a clock time (S).
        "X-RateLimit-Reset": String(Math.ceil((window.startedAt + periodSeconds * 1000 - at) / 1000)),
        "X-RateLimit-Name": RATE_LIMIT_NAME,
      },
    };
  }

  /** All windows are new again. */
  clear(): void {
    this.#windows.clear();
  }
}
