import { describe, expect, test } from "vitest";
import { rateLimitOf } from "../../../core/src/api/rate-limit.js";
import { decideRetry, defaultRetryPolicy, type TryFailure } from "../../../core/src/api/retry.js";
import { routes, type Method } from "../../../core/src/api/routes.js";

const status = (code: number, headers: Record<string, string> = {}): TryFailure => ({
  kind: "status",
  status: code,
  headers,
});
const broken: TryFailure = { kind: "no-answer", transient: true };
const refused: TryFailure = { kind: "no-answer", transient: false };

function decide(method: Method, failure: TryFailure, more: Partial<Parameters<typeof decideRetry>[0]> = {}) {
  return decideRetry({
    method,
    failure,
    attempt: 1,
    elapsedMs: 0,
    random: 1,
    policy: defaultRetryPolicy,
    ...more,
  });
}

describe("what is repeated", () => {
  const repeatable = ["GET", "PATCH", "DELETE"] as const;

  test.each(repeatable)("%s after 429, 500, 502, 503, 504 and a broken connection", (method) => {
    for (const failure of [429, 500, 502, 503, 504].map((code) => status(code))) {
      expect(decide(method, failure)).toEqual({ retry: true, delayMs: 500 });
    }
    expect(decide(method, broken)).toEqual({ retry: true, delayMs: 500 });
  });

  test.each(repeatable)("%s after nothing else", (method) => {
    for (const failure of [301, 400, 401, 403, 404, 408, 409, 418, 501, 505].map((code) => status(code))) {
      expect(decide(method, failure)).toEqual({ retry: false });
    }
    expect(decide(method, refused)).toEqual({ retry: false });
  });

  test("POST after 429 only, the one answer that proves that nothing was written", () => {
    expect(decide("POST", status(429))).toEqual({ retry: true, delayMs: 500 });
    for (const failure of [...[500, 502, 503, 504, 409, 400].map((code) => status(code)), broken, refused]) {
      expect(decide("POST", failure)).toEqual({ retry: false });
    }
  });

  test("the table knows every method the client sends", () => {
    const methods = new Set(Object.values(routes).map(({ method }) => method));
    expect([...methods].sort()).toEqual(["DELETE", "GET", "PATCH", "POST"]);
  });
});

describe("how long is waited", () => {
  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [4, 4000],
    [5, 8000],
  ])("after try %i at most %i ms", (attempt, delayMs) => {
    expect(decide("GET", broken, { attempt })).toEqual({ retry: true, delayMs });
  });

  test("a random part of that", () => {
    expect(decide("GET", broken, { random: 0 })).toEqual({ retry: true, delayMs: 0 });
    expect(decide("GET", broken, { random: 0.25, attempt: 2 })).toEqual({ retry: true, delayMs: 250 });
  });

  test("never more than the longest wait of our own", () => {
    const policy = { ...defaultRetryPolicy, tries: 20 };
    expect(decide("GET", broken, { attempt: 10, policy })).toEqual({ retry: true, delayMs: 20_000 });
  });

  test.each([429, 503])("exactly what the server says with %i, without chance", (code) => {
    const failure = status(code, { "x-ratelimit-reset": "7" });
    for (const random of [0, 0.5, 1]) {
      expect(decide("GET", failure, { random })).toEqual({ retry: true, delayMs: 7000 });
    }
  });

  test("not what a 500 says", () => {
    expect(decide("GET", status(500, { "retry-after": "7" }))).toEqual({ retry: true, delayMs: 500 });
  });

  test("the server's wait even when it is longer than any of ours", () => {
    const failure = status(429, { "x-ratelimit-reset": "60" });
    expect(decide("GET", failure)).toEqual({ retry: true, delayMs: 60_000 });
  });

  test("not at all when the server says zero", () => {
    const failure = status(429, { "x-ratelimit-reset": "0" });
    expect(decide("GET", failure)).toEqual({ retry: true, delayMs: 0 });
  });
});

describe("when it ends", () => {
  test("with the last try", () => {
    expect(decide("GET", broken, { attempt: 5 }).retry).toBe(true);
    expect(decide("GET", broken, { attempt: 6 }).retry).toBe(false);
    expect(decide("GET", status(429), { attempt: 6 }).retry).toBe(false);
  });

  test("when the wait would use up the budget", () => {
    expect(decide("GET", broken, { elapsedMs: 119_499 }).retry).toBe(true);
    expect(decide("GET", broken, { elapsedMs: 119_500 }).retry).toBe(false);
  });

  test("when the server's wait is beyond the budget", () => {
    expect(decide("GET", status(429, { "x-ratelimit-reset": "119" })).retry).toBe(true);
    expect(decide("GET", status(429, { "x-ratelimit-reset": "120" })).retry).toBe(false);
  });
});

describe("the rate limit as headers tell it", () => {
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
    [{ "retry-after": "9" }, { resetSeconds: 9 }],
    [{ "retry-after": "9", "x-ratelimit-reset": "2" }, { resetSeconds: 2 }],
    [{ "retry-after": "9", "x-ratelimit-reset": "soon" }, { resetSeconds: 9 }],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }, {}],
    [{ "x-ratelimit-reset": "-1", "x-ratelimit-remaining": "" }, {}],
    [{ "x-ratelimit-reset": "1e9" }, {}],
    [{ "x-ratelimit-reset": "Infinity" }, {}],
    [{ "x-ratelimit-reset": "0x10" }, {}],
  ])("%j is %j", (headers, limit) => {
    expect(rateLimitOf(headers)).toEqual(limit);
  });
});
