const noResponse = "test/core/api/no-response.test.ts";
const oidc = "test/core/identity/oidc.test.ts";
const callLimits = "test/core/credentials/call-limits.test.ts";
const waits = "test/core/api/waits.test.ts";

/** @type {import("./index.mjs").MutantsByPromise} */
export const limits = {
  "5-request": [
    {
      name: "client: an attempt has no timeout",
      file: "call.ts",
      find: "Math.min(this.options.requestTimeoutMs ?? 30_000, remainingMs)",
      replace: "remainingMs",
      test: noResponse,
      cells: "refresh / request 1 (GET) / slower than the deadline",
    },
    {
      name: "http: a slow response never ends",
      file: "http.ts",
      find: "signal: AbortSignal.timeout(timeoutMs)",
      replace: "timeout: timeoutMs",
      test: noResponse,
    },
    {
      name: "client: a request waits for a token without a limit",
      file: "timers.ts",
      find: "await Promise.race([work(), timeout])",
      replace: "await (timeout && work())",
      test: "test/core/identity/client.test.ts",
    },
    {
      name: "proof: a library of a cloud may take any time",
      file: "gcp.ts",
      find: "runWithin(context.timeoutMs, request)",
      replace: "runWithin(600_000, request)",
      test: "test/core/identity/gcp.test.ts",
    },
    {
      name: "proof: a command may run without end",
      file: "oidc.ts",
      find: "    timeout: timeoutMs,\n",
      replace: "    timeout: timeoutMs * 1000,\n",
      test: oidc,
    },
    {
      name: "limits: a request may take a minute",
      file: "settings-schema.ts",
      find: "createLimitSchema(30, 600)",
      replace: "createLimitSchema(60, 600)",
      test: callLimits,
    },
  ],
  "5-call": [
    {
      name: "retry: the time budget is ignored",
      file: "retry.ts",
      find: "elapsedMs + delayMs < policy.callTimeoutMs ?",
      replace: "elapsedMs + delayMs < Infinity ?",
      test: "test/core/api/retry-decision.test.ts",
    },
    {
      name: "client: the wait for a server that only sends 429 is not part of the budget",
      file: "call.ts",
      find: "policy.callTimeoutMs - this.limiters.getLimiter(request.route).getRateLimitedMs()",
      replace: "policy.callTimeoutMs",
      test: waits,
    },
    {
      name: "client: a create is sent with an exhausted budget",
      file: "call.ts",
      find: "if (history.last && getMaxWaitMs() <= 0) throw",
      replace: "if (history.last && getMaxWaitMs() <= -Infinity) throw",
      test: waits,
    },
    {
      name: "limiter: queued calls wait for as long as the server requests",
      file: "limiter.ts",
      find: "getMaxWaitMs() <= pausedMs",
      replace: "getMaxWaitMs() <= -Infinity",
      test: waits,
    },
    {
      name: "limits: a call may take an hour",
      file: "settings-schema.ts",
      find: "createLimitSchema(120, 3600)",
      replace: "createLimitSchema(3600, 3600)",
      test: callLimits,
    },
  ],
  "5-size": [
    {
      name: "http: a response of any size is read",
      file: "http.ts",
      find: "    maxContentLength: MAX_RESPONSE_BYTES,\n",
      replace: "",
      test: noResponse,
      cells: "exclusive set: update with undeclared connections / request 4 (GET) / huge",
    },
    {
      name: "proof: a response of the issuer of any size is read",
      file: "http.ts",
      find: "{ url, maxContentLength: MAX_TOKEN_RESPONSE_BYTES }",
      replace: "{ url }",
      test: "test/core/identity/github.test.ts",
    },
    {
      name: "proof: a command may print without end",
      file: "oidc.ts",
      find: "maxBuffer: 4 * MAX_TOKEN_LENGTH",
      replace: "maxBuffer: 4000 * MAX_TOKEN_LENGTH",
      test: oidc,
    },
  ],
  "5-concurrent": [
    {
      name: "limiter: concurrent requests are unlimited",
      file: "limiter.ts",
      find: " && this.active < this.maxConcurrent",
      replace: "",
      test: "test/core/api/limiter.test.ts",
    },
    {
      name: "limits: 256 requests are concurrent",
      file: "settings-schema.ts",
      find: "createLimitSchema(32, 256)",
      replace: "createLimitSchema(256, 256)",
      test: callLimits,
    },
  ],
};
