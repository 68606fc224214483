import { describe, expect, test } from "vitest";
import { RequestLimiter } from "../../../core/src/api/limiter.js";
import { useSandbox } from "../../sandbox/harness.js";
import { createClient, createFakeClock } from "./harness.js";

/** Creates work that records its start and finishes on request. */
function createTasks(limiter: RequestLimiter) {
  const started: number[] = [];
  const finishers: (() => void)[] = [];
  const results: Promise<number>[] = [];
  return {
    started,
    results,
    add: (count: number) => {
      for (let added = 0; added < count; added++) {
        const number = results.length;
        const work = () =>
          new Promise<number>((resolve) => {
            started.push(number);
            finishers[number] = () => resolve(number);
          });
        results.push(limiter.run(work));
      }
    },
    finish: async (number: number) => {
      finishers[number]?.();
      await results[number];
    },
  };
}

/** Runs everything that can run now. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a limiter starts at most its maximum", () => {
  test("and the next when one finishes, in order of arrival", async () => {
    const work = createTasks(new RequestLimiter(2, createFakeClock()));
    work.add(4);
    await settle();
    expect(work.started).toEqual([0, 1]);
    await work.finish(1);
    await settle();
    expect(work.started).toEqual([0, 1, 2]);
    await work.finish(0);
    await settle();
    expect(work.started).toEqual([0, 1, 2, 3]);
  });

  test("and as many again when all have finished", async () => {
    const work = createTasks(new RequestLimiter(2, createFakeClock()));
    work.add(2);
    await settle();
    await Promise.all([work.finish(0), work.finish(1)]);
    work.add(3);
    await settle();
    expect(work.started).toEqual([0, 1, 2, 3]);
  });

  test("and failed work counts as finished", async () => {
    const limiter = new RequestLimiter(1, createFakeClock());
    await expect(limiter.run(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(await limiter.run(() => Promise.resolve("in"))).toBe("in");
  });
});

describe("a paused limiter", () => {
  test("starts nothing until the pause is over", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(2, clock);
    limiter.pauseFor(3000);
    expect(await limiter.run(() => Promise.resolve(clock.now()))).toBe(3000);
    expect(clock.slept).toEqual([3000]);
  });

  test("is paused for the longest of its pauses", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(2, clock);
    limiter.pauseFor(3000);
    limiter.pauseFor(1000);
    expect(await limiter.run(() => Promise.resolve(clock.now()))).toBe(3000);
  });

  test("keeps waiting work waiting when it is paused again", async () => {
    const clock = createFakeClock();
    let pausedAgain = false;
    const limiter: RequestLimiter = new RequestLimiter(1, {
      now: clock.now,
      sleep: (ms) => {
        if (!pausedAgain) limiter.pauseFor(5000);
        pausedAgain = true;
        return clock.sleep(ms);
      },
    });
    limiter.pauseFor(1000);
    expect(await limiter.run(() => Promise.resolve(clock.now()))).toBe(5000);
  });

  test("does not stop work that has started", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(2, clock);
    const work = createTasks(limiter);
    work.add(1);
    await settle();
    limiter.pauseFor(3000);
    await work.finish(0);
    expect(clock.slept).toEqual([]);
  });

  test("that is paused for no time starts work at once", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(1, clock);
    limiter.pauseFor(0);
    await limiter.run(() => Promise.resolve());
    expect(clock.slept).toEqual([]);
  });
});

/** Work with a response that reports a rate limit. */
function recordAndResolve(
  limiter: RequestLimiter,
  ...response: Parameters<RequestLimiter["recordResponse"]>
): Promise<void> {
  limiter.recordResponse(...response);
  return Promise.resolve();
}

describe("a limiter with a reported rate limit", () => {
  const limit = { limit: 2, resetSeconds: 30 };

  test("starts no more than remain in the window", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(5, clock);
    const at: number[] = [];
    const pass = (remaining: number) =>
      limiter.run(() => {
        at.push(clock.now());
        limiter.recordResponse(200, { ...limit, remaining });
        return Promise.resolve();
      });
    await pass(1);
    await pass(0);
    await pass(1);
    await pass(0);
    await pass(1);
    expect(at).toEqual([0, 0, 30_000, 30_000, 60_000]);
  });

  test("is paused by a 429 even if the response reports remaining requests", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(5, clock);
    await limiter.run(() => recordAndResolve(limiter, 429, { ...limit, remaining: 2 }));
    expect(await limiter.run(() => Promise.resolve(clock.now()))).toBe(30_000);
  });

  test("is not paused by a response without a reset time", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(5, clock);
    await limiter.run(() => recordAndResolve(limiter, 200, { limit: 2, remaining: 0 }));
    await limiter.run(() => Promise.resolve());
    expect(clock.slept).toEqual([]);
  });

  test("uses the lowest value within a window: a response that arrives out of order reports more", async () => {
    const clock = createFakeClock();
    const limiter = new RequestLimiter(5, clock);
    await limiter.run(() => recordAndResolve(limiter, 200, { limit: 10, remaining: 1, resetSeconds: 3600 }));
    await limiter.run(() => recordAndResolve(limiter, 200, { limit: 10, remaining: 5, resetSeconds: 3600 }));
    await limiter.run(() => Promise.resolve());
    expect(clock.slept).toEqual([3_600_000]);
  });

  test("reports a wait before it starts", async () => {
    const clock = createFakeClock();
    const reported: [number, number][] = [];
    const limiter = new RequestLimiter(5, clock, (ms) => void reported.push([clock.now(), ms]));
    limiter.pauseFor(3000);
    await limiter.run(() => Promise.resolve());
    expect(reported).toEqual([[0, 3000]]);
  });
});

describe("a client", () => {
  const sandbox = useSandbox();

  test("has at most the configured concurrent requests", async () => {
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "delay", ms: 20 } });
    const client = createClient(sandbox(), "payments", { maxConcurrent: 3 });
    await Promise.all(Array.from({ length: 9 }, () => client.list()));
    const { requests } = sandbox();
    const active = requests.map(
      ({ startedAt }) =>
        requests.filter((other) => other.startedAt <= startedAt && (other.endedAt ?? Infinity) > startedAt)
          .length,
    );
    expect(requests).toHaveLength(9);
    expect(Math.max(...active)).toBeLessThanOrEqual(3);
  });
});
