import { existsSync, readdirSync, utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { scratch, startSetUp, until } from "./set-up-process.js";

test("a killed set-up leaves no CLI, and the next one makes it and removes the remains", async () => {
  const place = scratch();
  const killed = startSetUp(place, "waits");
  await until(() => place.begun() === 1);
  killed.kill("SIGKILL");
  expect(await killed.ended).toBe("SIGKILL");

  expect(existsSync(place.binDir)).toBe(false);
  expect(place.inCache()).toHaveLength(2); // its lock and its half-made folder

  utimesSync(place.lockFile, new Date(Date.now() - 30_000), new Date(Date.now() - 30_000));
  const { how, binDir } = await startSetUp(place, "makes").result();

  expect(how).toBe("built");
  expect(readdirSync(binDir).sort()).toEqual([
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  expect(place.inCache()).toEqual([`3.274.1-${process.platform}-${process.arch}`]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "a set-up ended by %s removes everything it began",
  async (signal) => {
    const place = scratch();
    const ended = startSetUp(place, "waits");
    await until(() => place.begun() === 1);

    ended.kill(signal);

    expect(await ended.ended).toBe(signal);
    expect(place.inCache()).toEqual([]);
  },
);
