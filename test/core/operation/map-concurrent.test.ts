import { expect, test } from "vitest";
import { mapConcurrent } from "../../../core/src/operation/map-concurrent.js";

const waitForTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("runs all items, at most the limit concurrently, with results in order", async () => {
  let [running, most] = [0, 0];
  const results = await mapConcurrent([...Array(20).keys()], 3, async (item) => {
    most = Math.max(most, ++running);
    for (let waited = 0; waited < item % 4; waited++) await waitForTurn();
    running--;
    return item * 2;
  });
  expect(results).toEqual([...Array(20).keys()].map((item) => item * 2));
  expect(most).toBe(3);
});

test("after a failure, no further item is started", async () => {
  const started: number[] = [];
  const work = mapConcurrent([...Array(10).keys()], 2, async (item) => {
    started.push(item);
    await waitForTurn();
    if (item === 1) throw new Error("no");
    await waitForTurn();
    return item;
  });
  await expect(work).rejects.toThrow("no");
  for (let turns = 0; turns < 10; turns++) await waitForTurn();
  expect(started).toEqual([0, 1]);
});

test("an empty list succeeds", async () => {
  expect(await mapConcurrent([], 4, () => Promise.reject(new Error("never")))).toEqual([]);
});
