import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { each } from "../../../core/src/connection-set/each.js";

const items = Array.from({ length: 600 }, (_, at) => at);

test("each item is worked on, whatever fails, and not all at once", async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const { failures, untried } = await each(items, 256, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await delay(1);
    running--;
    if (item % 2 === 0) throw new Error(String(item));
  });
  expect(begun).toEqual(items);
  expect([failures.length, untried, most]).toEqual([300, 0, 256]);
});

test.each([
  ["a few at once", 4, 32],
  ["many at once", 100, 100],
])("%s: after so many failures in a row the rest is left alone", async (_, atOnce, enough) => {
  const { failures, untried } = await each(items, atOnce, async (item) => {
    await delay(1);
    if (item >= 100) throw new Error(String(item));
  });
  // Those that were under way when it was enough come to their end.
  expect(failures.length).toBeGreaterThanOrEqual(enough);
  expect(failures.length).toBeLessThan(enough + atOnce);
  expect(failures.length + untried).toBe(500);
});

test("a success between failures begins the row anew", async () => {
  const { failures, untried } = await each(items, 1, (item) =>
    item % 32 === 31 ? Promise.resolve() : Promise.reject(new Error(String(item))),
  );
  expect([failures.length, untried]).toEqual([582, 0]);
});

test("failures come in the order of the items, not of time", async () => {
  const { failures } = await each([40, 0, 20], 3, async (milliseconds) => {
    await delay(milliseconds);
    throw new Error(String(milliseconds));
  });
  expect(failures.map(({ error }) => error.message)).toEqual(["40", "0", "20"]);
});

test("of nothing nothing comes", async () => {
  expect(await each([], 32, () => Promise.reject(new Error("not called")))).toEqual({
    failures: [],
    untried: 0,
  });
});
