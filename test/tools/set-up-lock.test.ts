import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { createScratch, startSetUp, waitUntil } from "./set-up-process.js";

const getDeadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;
const subtractSeconds = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** Creates the lock of a killed process, last updated `seconds` ago. */
function leaveLock(
  place: ReturnType<typeof createScratch>,
  holder: { pid: number; child?: number },
  seconds: number,
) {
  mkdirSync(place.clis, { recursive: true });
  writeFileSync(place.lockFile, JSON.stringify({ token: "left", host: hostname(), ...holder }));
  utimesSync(place.lockFile, subtractSeconds(seconds), subtractSeconds(seconds));
}

test("of two concurrent set-ups, the second reports that it waits, and uses the result of the first", async () => {
  const place = createScratch();
  const first = startSetUp(place, "waits");
  await waitUntil(() => place.countStarted() === 1);
  const second = startSetUp(place, "waits");
  await waitUntil(() =>
    second.printed.err.includes("Waiting for another set-up of the Pulumi CLI (process "),
  );
  place.resume();

  const results = await Promise.all([first.waitForResult(), second.waitForResult()]);

  expect(results.map(({ how }) => how)).toEqual(["built", "cache"]);
  expect(results[1].bin).toBe(results[0].bin);
  expect(place.countStarted()).toBe(1);
  expect(place.listCache()).toEqual([`3.274.1-${process.platform}-${process.arch}`]);
});

test("four set-ups that find one stale lock create the CLI once", async () => {
  const place = createScratch();
  leaveLock(place, { pid: getDeadPid() }, 30);
  const all = [1, 2, 3, 4].map(() => startSetUp(place, "makes"));

  const how = await Promise.all(all.map(async (setUp) => (await setUp.waitForResult()).how));

  expect(how.sort()).toEqual(["built", "cache", "cache", "cache"]);
  expect(place.countStarted()).toBe(1);
});

test("the lock of a live process that does not update it for long is acquired", async () => {
  const place = createScratch();
  leaveLock(place, { pid: process.pid }, 3600);

  expect((await startSetUp(place, "makes").waitForResult()).how).toBe("built");
});

test("the lock of a dead process whose build continues is acquired when the build ends", async () => {
  const place = createScratch();
  const build = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void build.kill("SIGKILL"));
  leaveLock(place, { pid: getDeadPid(), child: build.pid ?? 0 }, 90);
  const setUp = startSetUp(place, "makes");
  await waitUntil(() => setUp.printed.err.includes("Waiting for another set-up"));
  expect(place.countStarted()).toBe(0);

  build.kill("SIGKILL");

  expect((await setUp.waitForResult()).how).toBe("built");
});
