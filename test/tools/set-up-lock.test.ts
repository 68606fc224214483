import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { scratch, startSetUp, until } from "./set-up-process.js";

const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;
const longAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

/** A lock as a process left it that was killed, last touched so many seconds ago. */
function leaveLock(
  place: ReturnType<typeof scratch>,
  holder: { pid: number; child?: number },
  seconds: number,
) {
  mkdirSync(place.clis, { recursive: true });
  writeFileSync(place.lockFile, JSON.stringify({ token: "left", host: hostname(), ...holder }));
  utimesSync(place.lockFile, longAgo(seconds), longAgo(seconds));
}

test("of two set-ups at once, the second says that it waits and uses what the first made", async () => {
  const place = scratch();
  const first = startSetUp(place, "waits");
  await until(() => place.begun() === 1);
  const second = startSetUp(place, "waits");
  await until(() => second.printed.err.includes("Waiting for another set-up of the Pulumi CLI (process "));
  place.goOn();

  const results = await Promise.all([first.result(), second.result()]);

  expect(results.map(({ how }) => how)).toEqual(["built", "cache"]);
  expect(results[1].bin).toBe(results[0].bin);
  expect(place.begun()).toBe(1);
  expect(place.inCache()).toEqual([`3.274.1-${process.platform}-${process.arch}`]);
});

test("four set-ups that find one stale lock make the CLI once", async () => {
  const place = scratch();
  leaveLock(place, { pid: deadPid() }, 30);
  const all = [1, 2, 3, 4].map(() => startSetUp(place, "makes"));

  const how = await Promise.all(all.map(async (setUp) => (await setUp.result()).how));

  expect(how.sort()).toEqual(["built", "cache", "cache", "cache"]);
  expect(place.begun()).toBe(1);
});

test("the lock of a live process that gives no sign for long is taken over", async () => {
  const place = scratch();
  leaveLock(place, { pid: process.pid }, 3600);

  expect((await startSetUp(place, "makes").result()).how).toBe("built");
});

test("the lock of a dead process whose build goes on is waited for, and taken over when that ends", async () => {
  const place = scratch();
  const build = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void build.kill("SIGKILL"));
  leaveLock(place, { pid: deadPid(), child: build.pid ?? 0 }, 90);
  const setUp = startSetUp(place, "makes");
  await until(() => setUp.printed.err.includes("Waiting for another set-up"));
  expect(place.begun()).toBe(0);

  build.kill("SIGKILL");

  expect((await setUp.result()).how).toBe("built");
});
