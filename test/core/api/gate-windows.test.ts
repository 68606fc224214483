import { expect, test } from "vitest";
import { Gate } from "../../../core/src/api/gate.js";

/** A sleep that never ends: what waits does not begin in the test. */
const sleepForever = () => new Promise<void>(() => undefined);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("a 429 without headers closes the gate from the time of that response on", () => {
  let now = 1e9;
  const gate = new Gate(1, { now: () => now, sleep: () => Promise.resolve() });
  gate.note(429, {});
  now += 10;
  expect(gate.refusedMs()).toBe(10);
});

test("a window that began after the reset lasts its whole period", async () => {
  let now = 0;
  const gate = new Gate(9, { now: () => now, sleep: sleepForever });
  gate.note(200, { limit: 1, periodSeconds: 10, remaining: 0, resetSeconds: 2 });
  now = 2000;
  await gate.pass(() => Promise.resolve());
  now = 5000;
  let isBegun = false;
  void gate.pass(() => {
    isBegun = true;
    return Promise.resolve();
  });
  await nextTurn();
  expect(isBegun).toBe(false);
});

test("a response that reports requests left opens a gate that an earlier one had closed", async () => {
  let now = 0;
  const gate = new Gate(9, { now: () => now, sleep: sleepForever });
  gate.note(200, { limit: 10, remaining: 0, resetSeconds: 2 });
  now = 1500;
  gate.note(200, { limit: 10, remaining: 9, resetSeconds: 2 });
  let isBegun = false;
  void gate.pass(() => {
    isBegun = true;
    return Promise.resolve();
  });
  await nextTurn();
  expect(isBegun).toBe(true);
});
