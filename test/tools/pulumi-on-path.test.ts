import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { createScratch, writeScript, startSetUp } from "./set-up-process.js";

function installFakeCli(folder: string, version: string, companions = true) {
  mkdirSync(folder, { recursive: true });
  writeScript(join(folder, "pulumi"), `echo ${version}`);
  if (!companions) return;
  writeScript(join(folder, "pulumi-language-nodejs"), "exit 0");
  writeScript(join(folder, "pulumi-resource-pulumi-nodejs"), "exit 0");
}

test.each(["v3.216.0", "v3.300.1", "v4.0.0", "3.217.0-alpha.1"])("%s on PATH is used", async (version) => {
  const place = createScratch();
  installFakeCli(place.pathDir, version);

  const cli = await startSetUp(place, "fails").waitForResult();

  expect(cli).toEqual({
    bin: join(place.pathDir, "pulumi"),
    binDir: place.pathDir,
    version: version.replace(/^v/, ""),
    how: "path",
  });
  expect(place.listCache()).toEqual([]);
});

test.each([
  ["too old", "echo v3.215.9", "is 3.215.9, older than 3.216"],
  ["of an old major version", "echo v2.400.0", "is 2.400.0, older than 3.216"],
  ["that fails", "echo v3.300.0; exit 1", "does not print its version"],
  ["that prints something else", "echo no version is set for this shim", "does not print its version"],
])("one %s is skipped, and the reason is reported", async (_, text, reason) => {
  const place = createScratch();
  installFakeCli(place.pathDir, "v3.300.0");
  writeScript(join(place.pathDir, "pulumi"), text);

  const setUp = startSetUp(place, "fails");

  expect(await setUp.exited).toBe(1);
  expect(setUp.printed.err).toContain(`- pulumi on PATH: ${join(place.pathDir, "pulumi")} ${reason}\n`);
});

test("one without its Node language host is skipped", async () => {
  const place = createScratch();
  installFakeCli(place.pathDir, "v3.300.0", false);

  const setUp = startSetUp(place, "fails");

  expect(await setUp.exited).toBe(1);
  expect(setUp.printed.err).toContain(
    "is 3.300.0, but has no pulumi-language-nodejs and no pulumi-resource-pulumi-nodejs next to it or on PATH",
  );
});

test("a new one after an old one is used", async () => {
  const place = createScratch();
  const later = join(place.folder, "later");
  installFakeCli(place.pathDir, "v3.100.0");
  installFakeCli(later, "v3.300.0");
  place.env["PATH"] = [place.pathDir, later].join(delimiter);

  expect((await startSetUp(place, "fails").waitForResult()).binDir).toBe(later);
});

test("the npm launcher in node_modules/.bin is not run", async () => {
  const place = createScratch();
  const bin = join(place.folder, "node_modules", ".bin");
  installFakeCli(bin, "v3.300.0");
  place.env["PATH"] = bin;

  expect((await startSetUp(place, "makes").waitForResult()).how).toBe("built");
});

test("the message if nothing works", async () => {
  const place = createScratch();
  const setUp = startSetUp(place, "fails");

  expect(await setUp.exited).toBe(1);
  expect(setUp.printed.out).toBe("");
  expect(setUp.printed.err.replace(place.binDir, "<cache>")).toBe(
    [
      "No Pulumi CLI by a fake build: go is not on PATH",
      "",
      "No usable Pulumi CLI was found, and none could be set up. Tried in this order:",
      "  - pulumi on PATH: not found",
      "  - the cache <cache>: no usable CLI",
      "  - a fake build: go is not on PATH",
      "Install the Pulumi CLI 3.216 or newer with its Node language host",
      "(https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run the command again.",
      "",
    ].join("\n"),
  );
});
