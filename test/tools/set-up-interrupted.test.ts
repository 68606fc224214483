import { existsSync, readdirSync, utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { createScratch, startSetUp, waitUntil } from "./set-up-process.js";

test("a killed set-up leaves no CLI, and the next one creates it and removes leftover files", async () => {
  const place = createScratch();
  const killed = startSetUp(place, "waits");
  await waitUntil(() => place.countStarted() === 1);
  killed.kill("SIGKILL");
  expect(await killed.exited).toBe("SIGKILL");

  expect(existsSync(place.binDir)).toBe(false);
  expect(place.listCache()).toHaveLength(2); // its lock and its half-made folder

  utimesSync(place.lockFile, new Date(Date.now() - 30_000), new Date(Date.now() - 30_000));
  const { how, binDir } = await startSetUp(place, "makes").waitForResult();

  expect(how).toBe("built");
  expect(readdirSync(binDir).sort()).toEqual([
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  expect(place.listCache()).toEqual([`3.274.1-${process.platform}-${process.arch}`]);
});

test.each(["SIGINT", "SIGTERM"] as const)("a set-up that exits by %s removes its files", async (signal) => {
  const place = createScratch();
  const exited = startSetUp(place, "waits");
  await waitUntil(() => place.countStarted() === 1);

  exited.kill(signal);

  expect(await exited.exited).toBe(signal);
  expect(place.listCache()).toEqual([]);
});
