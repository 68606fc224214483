import { describe, expect, test } from "vitest";
import { parseRateLimit, parseRequestedDelay } from "../../../core/src/api/limiter.js";
import { decideRetry, defaultRetryPolicy, type AttemptFailure } from "../../../core/src/api/retry.js";
import { routes, type RouteName } from "../../../core/src/api/routes.js";

const status = (code: number, headers: Record<string, string> = {}): AttemptFailure => ({
  kind: "status",
  status: code,
  headers,
});
const failedConnection: AttemptFailure = { kind: "no-response", transient: true };
const refused: AttemptFailure = { kind: "no-response", transient: false };

/** The calls of the connections, by method. */
const ROUTES = {
  GET: "listConnections",
  POST: "createConnection",
  PATCH: "updateConnection",
  DELETE: "deleteConnection",
} as const satisfies Record<string, RouteName>;

function decide(
  call: keyof typeof ROUTES | "exchangeToken",
  failure: AttemptFailure,
  more: Partial<Parameters<typeof decideRetry>[0]> = {},
) {
  return decideRetry({
    route: call === "exchangeToken" ? call : ROUTES[call],
    failure,
    attempt: 1,
    elapsedMs: 0,
    random: 1,
    policy: defaultRetryPolicy,
    ...more,
  });
}

describe("attempts are repeated", () => {
  const repeatable = ["GET", "PATCH", "DELETE", "exchangeToken"] as const;

  test.each(repeatable)("%s after 429, 500, 502, 503, 504 and a failed connection", (method) => {
    for (const failure of [429, 500, 502, 503, 504].map((code) => status(code))) {
      expect(decide(method, failure)).toEqual({ retry: true, delayMs: 500 });
    }
    expect(decide(method, failedConnection)).toEqual({ retry: true, delayMs: 500 });
  });

  test.each(repeatable)("%s after no other failure", (method) => {
    for (const failure of [301, 400, 401, 403, 404, 408, 409, 418, 501, 505].map((code) => status(code))) {
      expect(decide(method, failure)).toEqual({ retry: false });
    }
    expect(decide(method, refused)).toEqual({ retry: false });
  });

  test("POST only after 429, the only response that proves that nothing was written", () => {
    expect(decide("POST", status(429))).toEqual({ retry: true, delayMs: 500 });
    for (const failure of [
      ...[500, 502, 503, 504, 409, 400].map((code) => status(code)),
      failedConnection,
      refused,
    ]) {
      expect(decide("POST", failure)).toEqual({ retry: false });
    }
  });

  test("with a rule for every method of the client", () => {
    const methods = new Set(Object.values(routes).map(({ method }) => method));
    expect([...methods].sort()).toEqual(Object.keys(ROUTES).sort());
  });
});

describe("the delay", () => {
  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [4, 4000],
    [5, 8000],
  ])("after attempt %i is at most %i ms", (attempt, delayMs) => {
    expect(decide("GET", failedConnection, { attempt })).toEqual({ retry: true, delayMs });
  });

  test("is random, up to that maximum", () => {
    expect(decide("GET", failedConnection, { random: 0 })).toEqual({ retry: true, delayMs: 0 });
    expect(decide("GET", failedConnection, { random: 0.25, attempt: 2 })).toEqual({
      retry: true,
      delayMs: 250,
    });
  });

  test("is never more than our own maximum", () => {
    const policy = { ...defaultRetryPolicy, maxAttempts: 20 };
    expect(decide("GET", failedConnection, { attempt: 10, policy })).toEqual({
      retry: true,
      delayMs: 20_000,
    });
  });

  test.each([
    [429, "x-ratelimit-reset"],
    [429, "retry-after"],
    [503, "retry-after"],
  ])("is exactly the delay that the server sent with %i in %s", (code, header) => {
    const failure = status(code, { [header]: "7" });
    for (const random of [0, 0.5, 1]) {
      expect(decide("GET", failure, { random })).toEqual({ retry: true, delayMs: 7000 });
    }
  });

  test.each(["3000", "100"])(
    "after a 503 is not the reset of the rate limit in %s s, which any response may report",
    (reset) => {
      const rateLimit = { "x-ratelimit-remaining": "900", "x-ratelimit-reset": reset };
      expect(decide("GET", status(503, rateLimit))).toEqual({ retry: true, delayMs: 500 });
      const both = status(503, { ...rateLimit, "retry-after": "7" });
      expect(decide("GET", both)).toEqual({ retry: true, delayMs: 7000 });
    },
  );

  test("is not the delay of a 500", () => {
    expect(decide("GET", status(500, { "retry-after": "7" }))).toEqual({ retry: true, delayMs: 500 });
  });

  test("is the server's delay even if it is longer than our own maximum", () => {
    const failure = status(429, { "x-ratelimit-reset": "60" });
    expect(decide("GET", failure)).toEqual({ retry: true, delayMs: 60_000 });
  });

  test.each([
    [429, "x-ratelimit-reset"],
    [429, "retry-after"],
    [503, "retry-after"],
  ])("is our own if the server sends zero with %i in %s", (code, header) => {
    const failure = status(code, { [header]: "0" });
    expect(decide("GET", failure, { attempt: 2 })).toEqual({ retry: true, delayMs: 1000 });
  });
});

describe("a call ends", () => {
  test("after the last attempt", () => {
    expect(decide("GET", failedConnection, { attempt: 5 }).retry).toBe(true);
    expect(decide("GET", failedConnection, { attempt: 6 }).retry).toBe(false);
    expect(decide("GET", status(429), { attempt: 6 }).retry).toBe(false);
  });

  test("if the delay would exceed the budget", () => {
    expect(decide("GET", failedConnection, { elapsedMs: 119_499 }).retry).toBe(true);
    expect(decide("GET", failedConnection, { elapsedMs: 119_500 }).retry).toBe(false);
  });

  test("if the server's delay exceeds the budget", () => {
    expect(decide("GET", status(429, { "x-ratelimit-reset": "119" })).retry).toBe(true);
    expect(decide("GET", status(429, { "x-ratelimit-reset": "120" })).retry).toBe(false);
  });
});

describe("the rate limit in the headers", () => {
  test.each<[Record<string, string>, object]>([
    [{}, {}],
    [
      { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "12" },
      { remaining: 3, resetSeconds: 12 },
    ],
    [
      { "x-ratelimit-remaining": "0", "x-ratelimit-limit": "100" },
      { limit: 100, remaining: 0 },
    ],
    [{ "x-ratelimit-reset": "1.5" }, { resetSeconds: 1.5 }],
    [{ "x-ratelimit-reset": " 4 " }, { resetSeconds: 4 }],
    [{ "retry-after": "9" }, { retryAfterSeconds: 9 }],
    [
      { "retry-after": "9", "x-ratelimit-reset": "2" },
      { resetSeconds: 2, retryAfterSeconds: 9 },
    ],
    [{ "retry-after": "9", "x-ratelimit-reset": "soon" }, { retryAfterSeconds: 9 }],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, {}],
    [{ "x-ratelimit-reset": "-1", "x-ratelimit-remaining": "" }, {}],
    [{ "x-ratelimit-reset": "1e9" }, {}],
    [{ "x-ratelimit-reset": "Infinity" }, {}],
    [{ "x-ratelimit-reset": "0x10" }, {}],
  ])("%j is %j", (headers, limit) => {
    expect(parseRateLimit(headers)).toEqual(limit);
  });

  test.each<[Record<string, string>, number]>([
    [{ "retry-after": "9" }, 9],
    [{ "retry-after": "9", "x-ratelimit-reset": "2" }, 2],
    [{ "retry-after": "9", "x-ratelimit-reset": "soon" }, 9],
    [{ "retry-after": "9", "x-ratelimit-reset": "0" }, 9],
  ])("of a 429, %j, requests a delay of %i s", (headers, seconds) => {
    expect(parseRequestedDelay(429, headers)).toBe(seconds);
  });
});
