import { positiveNumber, count, createObjectSchema } from "./input.js";

/** How many requests each organization may send in a period. */
export interface RateLimitOptions {
  /** The maximum count of requests in one period. */
  limit: number;
  /** The length of a period, in seconds. */
  periodSeconds: number;
}

/** The schema of {@link RateLimitOptions}. */
export const rateLimitSchema = createObjectSchema({ limit: count, periodSeconds: positiveNumber });

/** The name in `X-RateLimit-Name`. Assumption: none is recorded for this API. */
export const RATE_LIMIT_NAME = "org_connections";

/** Whether one request is allowed, and the headers of its response. */
interface RateLimitResult {
  allowed: boolean;
  headers: Record<string, string>;
}

/**
 * A rate limit with fixed windows for each organization. A window starts with the first request. Fixed windows are an
 * assumption. The headers are documented: https://docs.datadoghq.com/api/latest/rate-limits/
 */
export class RateLimiter {
  readonly #windows = new Map<string, { startedAt: number; used: number }>();

  constructor(
    private readonly options: RateLimitOptions | undefined,
    private readonly now: () => Date,
  ) {}

  /** Counts one request. Without a limit, every request is allowed and there are no headers. */
  countRequest(organization: string): RateLimitResult {
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
        // The seconds until the next window, not a clock time.
        "X-RateLimit-Reset": String(Math.ceil((window.startedAt + periodSeconds * 1000 - at) / 1000)),
        "X-RateLimit-Name": RATE_LIMIT_NAME,
      },
    };
  }

  /** Ends all windows. */
  clear(): void {
    this.#windows.clear();
  }
}
