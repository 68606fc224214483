import { defineAssumption } from "./assumption.js";
import { changeResponses } from "./deviation.js";

const RATE_LIMITS = {
  kind: "documented",
  url: "https://docs.datadoghq.com/api/latest/rate-limits/",
} as const;

/** The rate limit. */
export const rateLimitAssumptions = [
  defineAssumption(
    "rate-limit-headers",
    RATE_LIMITS,
    "A response with one of the rate limit headers has all: limit, period, remaining, reset and name.",
    "The header with the period is missing.",
    changeResponses(({ headers, ...response }) => ({
      ...response,
      headers: Object.fromEntries(
        Object.entries(headers ?? {}).filter(([name]) => name !== "X-RateLimit-Period"),
      ),
    })),
  ),
  defineAssumption(
    "rate-limit-reset",
    RATE_LIMITS,
    "`X-RateLimit-Reset` is the count of seconds until the next period.",
    "It is the time of the next period.",
    changeResponses(({ headers, ...response }) => {
      const reset = headers?.["X-RateLimit-Reset"];
      if (reset === undefined) return undefined;
      const time = Math.ceil(Date.now() / 1000) + Number(reset);
      return { ...response, headers: { ...headers, "X-RateLimit-Reset": String(time) } };
    }),
  ),
];
