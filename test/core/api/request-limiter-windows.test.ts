import { expect, test } from "vitest";
import { parseRateLimit } from "../../../core/src/api/rate-limit.js";
import { RequestLimiter } from "../../../core/src/api/request-limiter.js";

/** A sleep that never ends: waiting work does not start during the test. */
const sleepForever = () => new Promise<void>(() => undefined);
const waitForNextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("a 429 without headers is recorded with the time of its response", () => {
  let now = 1e9;
  const limiter = new RequestLimiter(1, { now: () => now, sleep: () => Promise.resolve() });
  limiter.recordResponse(429, {});
  now += 10;
  expect(limiter.getRateLimitedMs()).toBe(10);
});

test.each([
  ["a minute after the pause of the last one continues it", { resetSeconds: 30 }, 90_000, 90_000],
  ["later than that is a new beginning", { resetSeconds: 30 }, 90_001, 0],
  ["without a reset time: a minute after the last one continues it", {}, 60_000, 60_000],
  ["without a reset time: later than that is a new beginning", {}, 60_001, 0],
])("a 429 %s", (_, headers, gapMs, expected) => {
  let now = 1e9;
  const limiter = new RequestLimiter(1, { now: () => now, sleep: sleepForever });
  limiter.recordResponse(429, headers);
  now += gapMs;
  limiter.recordResponse(429, { resetSeconds: 5 });
  expect(limiter.getRateLimitedMs()).toBe(expected);
});

test("a window that starts after the reset lasts its whole period", async () => {
  let now = 0;
  const limiter = new RequestLimiter(9, { now: () => now, sleep: sleepForever });
  limiter.recordResponse(200, { limit: 1, periodSeconds: 10, remaining: 0, resetSeconds: 2 });
  now = 2000;
  await limiter.run(() => Promise.resolve());
  now = 5000;
  let isStarted = false;
  void limiter.run(() => {
    isStarted = true;
    return Promise.resolve();
  });
  await waitForNextTurn();
  expect(isStarted).toBe(false);
});

test("a response with remaining requests resumes a limiter that an earlier response had paused", async () => {
  let now = 0;
  const limiter = new RequestLimiter(9, { now: () => now, sleep: sleepForever });
  limiter.recordResponse(200, { limit: 10, remaining: 0, resetSeconds: 2 });
  now = 1500;
  limiter.recordResponse(200, { limit: 10, remaining: 9, resetSeconds: 2 });
  let isStarted = false;
  void limiter.run(() => {
    isStarted = true;
    return Promise.resolve();
  });
  await waitForNextTurn();
  expect(isStarted).toBe(true);
});

test("`Retry-After` of a 503 does not delay other requests, and is not the period of the rate limit", async () => {
  let now = 0;
  const limiter = new RequestLimiter(9, { now: () => now, sleep: sleepForever });
  limiter.recordResponse(200, { limit: 1, periodSeconds: 10, remaining: 1, resetSeconds: 2 });
  limiter.recordResponse(503, parseRateLimit({ "x-ratelimit-remaining": "0", "retry-after": "3600" }));
  await limiter.run(() => Promise.resolve());
  now = 2000;
  await limiter.run(() => Promise.resolve());
  now = 12_000;
  await limiter.run(() => Promise.resolve());
});
