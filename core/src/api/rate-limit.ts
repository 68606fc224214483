/** Response headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** What a response reports about the caller's rate limit. */
export interface RateLimit {
  /** Requests in each window. */
  limit?: number | undefined;
  /** Length of a window, in seconds. */
  periodSeconds?: number | undefined;
  /** Requests left in this window. */
  remaining?: number | undefined;
  /** Seconds to the next window, or to wait according to `Retry-After`. */
  resetSeconds?: number | undefined;
}

/** One month. A larger value is a clock time, not a duration, so the header is ignored. */
const MAX_WAIT_SECONDS = 31 * 86_400;

/**
 * Parses the rate limit headers. `X-RateLimit-Reset` is the *seconds to wait*, not a clock time: see
 * https://docs.datadoghq.com/api/latest/rate-limits/. A malformed header is ignored.
 */
export function parseRateLimit(headers: Headers): RateLimit {
  const limit = parseCount(headers["x-ratelimit-limit"]);
  const periodSeconds = parseSeconds(headers["x-ratelimit-period"]);
  const remaining = parseCount(headers["x-ratelimit-remaining"]);
  const resetSeconds = parseSeconds(headers["x-ratelimit-reset"]) ?? parseSeconds(headers["retry-after"]);
  return { limit, periodSeconds, remaining, resetSeconds };
}

function parseSeconds(header: string | undefined): number | undefined {
  const value = parseCount(header);
  return value !== undefined && value <= MAX_WAIT_SECONDS ? value : undefined;
}

function parseCount(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined;
}
