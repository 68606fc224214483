import { expect, test } from "vitest";
import { aFewAtATime } from "../../../core/src/operation/a-few-at-a-time.js";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("no more than so many at a time, all of them, answers in order", async () => {
  let [running, most] = [0, 0];
  const answers = await aFewAtATime([...Array(20).keys()], 3, async (item) => {
    most = Math.max(most, ++running);
    for (let waited = 0; waited < item % 4; waited++) await turn();
    running--;
    return item * 2;
  });
  expect(answers).toEqual([...Array(20).keys()].map((item) => item * 2));
  expect(most).toBe(3);
});

test("a failure ends it: nothing further is begun", async () => {
  const begun: number[] = [];
  const work = aFewAtATime([...Array(10).keys()], 2, async (item) => {
    begun.push(item);
    await turn();
    if (item === 1) throw new Error("no");
    await turn();
    return item;
  });
  await expect(work).rejects.toThrow("no");
  for (let turns = 0; turns < 10; turns++) await turn();
  expect(begun).toEqual([0, 1]);
});

test("nothing to do is done", async () => {
  expect(await aFewAtATime([], 4, () => Promise.reject(new Error("never")))).toEqual([]);
});
