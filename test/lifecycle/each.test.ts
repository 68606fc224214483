import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { each } from "../../provider/src/lifecycle/set/each.js";

const items = Array.from({ length: 600 }, (_, at) => at);

test("each item is worked on, whatever fails, and not all at once", async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const failures = await each(items, 256, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await delay(1);
    running--;
    throw new Error(String(item));
  });
  expect(begun).toEqual(items);
  expect(failures).toHaveLength(items.length);
  expect(most).toBe(256);
});

test("failures come in the order of the items, not of time", async () => {
  const failures = await each([40, 0, 20], 3, async (milliseconds) => {
    await delay(milliseconds);
    throw new Error(String(milliseconds));
  });
  expect(failures.map(({ message }) => message)).toEqual(["40", "0", "20"]);
});

test("of nothing nothing comes", async () => {
  expect(await each([], 32, () => Promise.reject(new Error("not called")))).toEqual([]);
});
