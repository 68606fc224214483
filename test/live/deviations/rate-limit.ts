import { deviate, changeResponses } from "./deviation.js";

/** The rate limit. */
export const rateLimitDeviations = {
  "rate-limit-headers": deviate(
    "The header with the period is missing.",
    changeResponses(({ headers, ...response }) => ({
      ...response,
      headers: Object.fromEntries(
        Object.entries(headers ?? {}).filter(([name]) => name !== "X-RateLimit-Period"),
      ),
    })),
  ),
  "rate-limit-reset": deviate(
    "It is the time of the next period.",
    changeResponses(({ headers, ...response }) => {
      const reset = headers?.["X-RateLimit-Reset"];
      if (reset === undefined) return undefined;
      const time = Math.ceil(Date.now() / 1000) + Number(reset);
      return { ...response, headers: { ...headers, "X-RateLimit-Reset": String(time) } };
    }),
  ),
};
