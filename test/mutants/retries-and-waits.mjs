const decision = ["test/core/api/retry-decision.test.ts"];
const retries = ["test/core/api/retry.test.ts"];
const requestLimiter = ["test/core/api/request-limiter.test.ts"];
const noResponse = ["test/core/api/no-response.test.ts"];
const bounds = ["test/core/api/bounds.test.ts"];
const waits = ["test/core/api/waits.test.ts"];
const unsent = ["test/core/api/unsent-attempts.test.ts"];
const unknownOutcome = ["test/core/connection/interrupted-writes.test.ts"];

/** @type {readonly import("./index.mjs").Mutant[]} */
export const retriesAndWaits = [
  {
    name: "retry: a canceled attempt hides a write with an unknown outcome",
    file: "api-calls.ts",
    find: "      if (history.uncertain) throw history.uncertain.createError();\n",
    replace: "",
    tests: unsent,
  },
  {
    name: "retry: a last attempt that was not sent hides a write with an unknown outcome",
    file: "attempt-history.ts",
    find: "!isRateLimited(attempt.failure) && !attempt.isUnsent && !isRefused(attempt);",
    replace: "!isRateLimited(attempt.failure);",
    tests: unsent,
  },
  {
    name: "retry: a last 429 hides a write with an unknown outcome",
    file: "attempt-history.ts",
    find: "    if (!this.uncertain) return last.createError();\n",
    replace: "    if (this.last === last) return last.createError();\n",
    tests: unsent,
  },
  {
    name: "retry: a last refusal hides a write with an unknown outcome",
    file: "attempt-history.ts",
    find: " && !isRefused(attempt);",
    replace: ";",
    tests: unsent,
  },
  {
    name: "retry: a create is sent again after a 5xx",
    file: "retry.ts",
    find: '  if (isWrite(route) && routes[route].method === "POST") return false;\n',
    replace:
      '  if (routes[route].method === "POST") return failure.kind === "status" && failure.status >= 500;\n',
    tests: decision,
  },
  {
    name: "retry: a create is sent again after a failed connection",
    file: "retry.ts",
    find: '  if (isWrite(route) && routes[route].method === "POST") return false;\n',
    replace:
      '  if (routes[route].method === "POST") return failure.kind === "no-response" && failure.transient;\n',
    tests: [...decision, ...unknownOutcome],
  },
  {
    name: "retry: a create is not sent again after a 429",
    file: "retry.ts",
    find: 'if (failure.kind === "status" && failure.status === 429) return true;',
    replace:
      'if (failure.kind === "status" && failure.status === 429) return routes[route].method !== "POST";',
    tests: decision,
  },
  {
    name: "retry: every status is repeated",
    file: "retry.ts",
    find: "[500, 502, 503, 504].includes(failure.status)",
    replace: "failure.status >= 400",
    tests: decision,
  },
  {
    name: "retry: permanent failures are repeated",
    file: "retry.ts",
    find: ": failure.transient;",
    replace: ": true;",
    tests: decision,
  },
  {
    name: "retry: attempts are unlimited",
    file: "retry.ts",
    find: "attempt >= policy.maxAttempts || ",
    replace: "",
    tests: decision,
  },
  {
    name: "retry: the time budget is ignored",
    file: "retry.ts",
    find: "elapsedMs + delayMs < policy.callTimeoutMs ?",
    replace: "elapsedMs + delayMs < Infinity ?",
    tests: decision,
  },
  {
    name: "retry: the delay of the server has jitter",
    file: "retry.ts",
    find: "seconds === undefined ? undefined : seconds * 1000",
    replace: "seconds === undefined ? undefined : seconds * 1000 * Math.random()",
    tests: decision,
  },
  {
    name: "retry: the reset of the rate limit delays a call after a 503",
    file: "rate-limit.ts",
    find: "status === 429 ? [resetSeconds, retryAfterSeconds] : [retryAfterSeconds]",
    replace: "[resetSeconds, retryAfterSeconds]",
    tests: decision,
  },
  {
    name: "retry: a requested delay of zero is used",
    file: "rate-limit.ts",
    find: " && seconds > 0",
    replace: "",
    tests: [...decision, ...retries],
  },
  {
    name: "retry: our own delay has no jitter",
    file: "retry.ts",
    find: "Math.round(random * ",
    replace: "Math.round(",
    tests: decision,
  },
  {
    name: "retry: our own delay is unlimited",
    file: "retry.ts",
    find: "Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))",
    replace: "(policy.baseDelayMs * 2 ** (attempt - 1))",
    tests: decision,
  },
  {
    name: "limiter: concurrent requests are unlimited",
    file: "request-limiter.ts",
    find: " && this.active < this.maxConcurrent",
    replace: "",
    tests: requestLimiter,
  },
  {
    name: "limiter: a 429 does not pause all requests",
    file: "request-limiter.ts",
    find: "if (delaySeconds !== undefined) this.pauseFor(delaySeconds * 1000);",
    replace: "",
    tests: [...requestLimiter, ...retries],
  },
  {
    name: "limiter: the remaining requests of a window are ignored",
    file: "request-limiter.ts",
    find: "if (remaining !== undefined) this.recordRemaining(",
    replace: "if (remaining === -1) this.recordRemaining(",
    tests: requestLimiter,
  },
  {
    name: "limiter: concurrent requests are not counted",
    file: "request-limiter.ts",
    find: "Math.max(0, max - (this.active - 1))",
    replace: "max",
    tests: ["test/core/api/rate-limit.test.ts"],
  },
  {
    name: "limiter: a shorter pause ends a longer one",
    file: "request-limiter.ts",
    find: "Math.max(this.pausedUntil, this.clock.now() + ms)",
    replace: "this.clock.now() + ms",
    tests: requestLimiter,
  },
  {
    name: "limiter: failed work never finishes",
    file: "request-limiter.ts",
    find: "    try {\n      return await work();\n    } finally {\n      this.active--;\n      this.startQueued();\n    }",
    replace:
      "    const result = await work();\n    this.active--;\n    this.startQueued();\n    return result;",
    tests: requestLimiter,
  },
  {
    name: "limiter: a wait is not reported",
    file: "request-limiter.ts",
    find: "      this.onWait(ms);\n",
    replace: "",
    tests: [...requestLimiter, "test/core/operation/sessions.test.ts"],
  },
  {
    name: "limiter: a new window has no limit before a response",
    file: "request-limiter.ts",
    find: "    this.windowEndsAt = this.clock.now() + this.periodMs;\n",
    replace: "",
    tests: waits,
  },
  {
    name: "limiter: remaining requests of a window are used in the next",
    file: "request-limiter.ts",
    find: "if (this.remaining === undefined || this.clock.now() < this.windowEndsAt) return;",
    replace:
      "if (this.remaining === undefined || this.remaining.min > 0 || this.clock.now() < this.windowEndsAt) return;",
    tests: waits,
  },
  {
    name: "limiter: each concurrent wait is reported",
    file: "request-limiter.ts",
    find: "if (at > this.reportedUntil + SAME_WAIT_MS) {",
    replace: "if (at > this.reportedUntil) {",
    tests: waits,
  },
  {
    name: "limiter: queued calls wait for as long as the server requests",
    file: "request-limiter.ts",
    find: "getMaxWaitMs() <= pausedMs",
    replace: "getMaxWaitMs() <= -Infinity",
    tests: waits,
  },
  {
    name: "client: the wait for a server that only sends 429 is not part of the budget",
    file: "api-calls.ts",
    find: "policy.callTimeoutMs - this.limiter.getRateLimitedMs()",
    replace: "policy.callTimeoutMs",
    tests: waits,
  },
  {
    name: "limiter: concurrent requests are counted twice",
    file: "request-limiter.ts",
    find: "this.remaining.max <= 0",
    replace: "this.remaining.min <= 0",
    tests: waits,
  },
  {
    name: "limiter: a response that arrives out of order is the latest",
    file: "request-limiter.ts",
    find: "isSameWindow ? Math.min(remaining, this.remaining?.max ?? remaining) : remaining",
    replace: "remaining",
    tests: requestLimiter,
  },
  {
    name: "limiter: a timer with too long a delay fires at once",
    file: "request-limiter.ts",
    find: "Math.min(ms, MAX_TIMER_MS)",
    replace: "ms",
    tests: waits,
  },
  {
    name: "rate limit: a clock time is a delay",
    file: "rate-limit.ts",
    find: "value <= MAX_WAIT_SECONDS",
    replace: "value <= Infinity",
    tests: waits,
  },
  {
    name: "client: a request with truncated JSON is not sent again",
    file: "api-calls.ts",
    find: "if (!isTruncated(response)) return { response };",
    replace: "if (response.status > 0) return { response };",
    tests: retries,
  },
  {
    name: "client: a create is sent with an exhausted budget",
    file: "api-calls.ts",
    find: "if (history.last && getMaxWaitMs() <= 0) throw",
    replace: "if (history.last && getMaxWaitMs() <= -Infinity) throw",
    tests: waits,
  },
  {
    name: "client: an attempt has no timeout",
    file: "api-calls.ts",
    find: "Math.min(this.options.requestTimeoutMs ?? 30_000, remainingMs)",
    replace: "Math.min(30_000, remainingMs)",
    tests: [...noResponse, ...bounds],
  },
  {
    name: "client: a request waits twice after a 429",
    file: "api-calls.ts",
    find: "if (!hasResetTime(result.failure)) await this.wait",
    replace: "await this.wait",
    tests: waits,
  },
];
