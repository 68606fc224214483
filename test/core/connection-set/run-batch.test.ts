import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { runBatch } from "../../../core/src/connection-set/sync.js";

const items = Array.from({ length: 600 }, (_, at) => at);

test("runs every item despite failures, with limited concurrency", async () => {
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const { failures, skipped } = await runBatch(items, 256, async (item) => {
    started.push(item);
    most = Math.max(most, ++running);
    await delay(1);
    running--;
    if (item % 2 === 0) throw new Error(String(item));
  });
  expect(started).toEqual(items);
  expect([failures.length, skipped, most]).toEqual([300, 0, 256]);
});

test.each([
  ["a few concurrent items", 4, 32],
  ["many concurrent items", 100, 100],
])("%s: after many consecutive failures the remaining items are skipped", async (_, maxConcurrent, limit) => {
  const { failures, skipped } = await runBatch(items, maxConcurrent, async (item) => {
    await delay(1);
    if (item >= 100) throw new Error(String(item));
  });
  // Items that were already running at that time finish.
  expect(failures.length).toBeGreaterThanOrEqual(limit);
  expect(failures.length).toBeLessThan(limit + maxConcurrent);
  expect(failures.length + skipped).toBe(500);
});

test("a success between failures resets the count", async () => {
  const { failures, skipped } = await runBatch(items, 1, (item) =>
    item % 32 === 31 ? Promise.resolve() : Promise.reject(new Error(String(item))),
  );
  expect([failures.length, skipped]).toEqual([582, 0]);
});

test("failures are in the order of the items, not of time", async () => {
  const { failures } = await runBatch([40, 0, 20], 3, async (milliseconds) => {
    await delay(milliseconds);
    throw new Error(String(milliseconds));
  });
  expect(failures.map(({ error }) => error.message)).toEqual(["40", "0", "20"]);
});

test("an empty batch has no failures", async () => {
  expect(await runBatch([], 32, () => Promise.reject(new Error("not called")))).toEqual({
    failures: [],
    skipped: 0,
  });
});
