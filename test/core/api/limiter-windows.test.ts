import { describe, expect, test } from "vitest";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { parseRateLimit, RequestLimiter } from "../../../core/src/api/limiter.js";
import { createFakeClock, createKeys, useServers } from "./harness.js";

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

describe("a window that is over", () => {
  /** Returns the start times of requests. The clock advances only when nothing else can run. */
  async function measureStartTimes(limit: number, remaining: number, count: number, isSequential = false) {
    const clock = createFakeClock();
    const sleep = async (ms: number) => {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.sleep(ms);
    };
    const limiter = new RequestLimiter(16, { now: clock.now, sleep });
    await limiter.run(() => {
      limiter.recordResponse(200, { limit, remaining, resetSeconds: 30 });
      return Promise.resolve();
    });
    if (remaining > 0) clock.advance(30_000);
    const startTimes: number[] = [];
    const pass = () => limiter.run(() => Promise.resolve(startTimes.push(clock.now() / 1000)));
    if (isSequential) for (let passed = 0; passed < count; passed++) await pass();
    else await Promise.all(Array.from({ length: count }, pass));
    return startTimes;
  }

  test("is followed by a window with the same limit, even before a response reports it", async () => {
    expect(await measureStartTimes(2, 0, 5)).toEqual([30, 30, 60, 60, 90]);
  });

  test("does not add its remaining requests to the next one", async () => {
    expect(await measureStartTimes(3, 2, 5)).toEqual([30, 30, 30, 60, 60]);
    expect(await measureStartTimes(3, 2, 5, true)).toEqual([30, 30, 30, 60, 60]);
  });
});

const startServer = useServers();

describe("a window that many concurrent requests share", () => {
  /**
   * Starts a server with a limit of 98 requests per hour. It responds to a request after 20 later ones have
   * arrived, or when no more arrive, so that many are always outstanding. `remaining` returns what a response
   * reports as remaining.
   */
  async function serve(
    remaining: (mine: number, arrived: number, responded: number) => number,
    isReversed: boolean,
  ) {
    const LIMIT = 98;
    let [arrived, responded, rejected] = [0, 0, 0];
    const waiting: (() => void)[] = [];
    let idle: NodeJS.Timeout | undefined;
    const respondToOne = () => (isReversed ? waiting.pop() : waiting.shift())?.();
    const whenIdle = () => {
      respondToOne();
      if (waiting.length > 0) idle = setTimeout(whenIdle, 5);
    };
    const baseUrl = await startServer((_, response) => {
      const mine = ++arrived;
      const counted = LIMIT - mine;
      waiting.push(() => {
        responded++;
        if (mine > LIMIT) rejected++;
        response
          .writeHead(mine > LIMIT ? 429 : 200, {
            "Content-Type": "application/json",
            "X-RateLimit-Limit": String(LIMIT),
            "X-RateLimit-Period": "3600",
            "X-RateLimit-Remaining": String(
              Math.max(0, remaining(counted, LIMIT - arrived, LIMIT - responded)),
            ),
            "X-RateLimit-Reset": "3600",
          })
          .end('{"data":[]}');
      });
      if (waiting.length > 20) respondToOne();
      clearTimeout(idle);
      idle = setTimeout(whenIdle, 20);
    });
    const clock = createFakeClock();
    const client = new OrgConnectionsClient({
      baseUrl,
      authentication: createKeys("a", "b"),
      label: "the default organization",
      credentialsFrom: "DD_API_KEY and DD_APP_KEY",
      clock,
      retry: { callTimeoutMs: 10_000 },
    });
    return { client, getResult: () => ({ arrived, rejected, slept: clock.slept }) };
  }

  test.each([
    ["what remained when their request arrived", (mine: number) => mine, false],
    ["what remains after all requests that have arrived", (_: number, arrived: number) => arrived, false],
    [
      "what remains after all requests with a response",
      (_: number, __: number, responded: number) => responded,
      false,
    ],
    ["what remained when their request arrived, in reverse order", (mine: number) => mine, true],
  ])("is used completely, without a 429, with responses that report %s", async (_, remaining, isReversed) => {
    const server = await serve(remaining, isReversed);
    const results = await Promise.allSettled(Array.from({ length: 98 }, () => server.client.list()));
    expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
    expect(server.getResult()).toEqual({ arrived: 98, rejected: 0, slept: [] });
  });
});
