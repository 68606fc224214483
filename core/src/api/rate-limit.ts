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
export function getRequestedDelay(
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
