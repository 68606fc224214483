/** Response headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** What an answer says about the caller's rate limit. */
export interface RateLimit {
  /** Requests in each window. */
  limit?: number | undefined;
  /** Seconds that a window has. */
  periodSeconds?: number | undefined;
  /** Requests left in this window. */
  remaining?: number | undefined;
  /** Seconds to the next window. */
  resetSeconds?: number | undefined;
}

/** A month: a larger number is a clock time and no wait, so its header counts as absent. */
const LONGEST_WAIT_SECONDS = 31 * 86_400;

/**
 * The rate limit as the headers tell it. `X-RateLimit-Reset` is a number of *seconds to wait*, not a clock time
 * (the platform's documentation; the official clients sleep that long). A malformed header counts as absent.
 */
export function rateLimitOf(headers: Headers): RateLimit {
  const limit = count(headers["x-ratelimit-limit"]);
  const periodSeconds = seconds(headers["x-ratelimit-period"]);
  const remaining = count(headers["x-ratelimit-remaining"]);
  const resetSeconds = seconds(headers["x-ratelimit-reset"]) ?? seconds(headers["retry-after"]);
  return { limit, periodSeconds, remaining, resetSeconds };
}

function seconds(header: string | undefined): number | undefined {
  const value = count(header);
  return value !== undefined && value <= LONGEST_WAIT_SECONDS ? value : undefined;
}

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : undefined;
}
