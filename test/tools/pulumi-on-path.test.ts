import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { scratch, script, startSetUp } from "./set-up-process.js";

function install(folder: string, version: string, companions = true) {
  mkdirSync(folder, { recursive: true });
  script(join(folder, "pulumi"), `echo ${version}`);
  if (!companions) return;
  script(join(folder, "pulumi-language-nodejs"), "exit 0");
  script(join(folder, "pulumi-resource-pulumi-nodejs"), "exit 0");
}

test.each(["v3.216.0", "v3.300.1", "v4.0.0", "3.217.0-alpha.1"])("%s on PATH is used", async (version) => {
  const place = scratch();
  install(place.pathDir, version);

  const cli = await startSetUp(place, "fails").result();

  expect(cli).toEqual({
    bin: join(place.pathDir, "pulumi"),
    binDir: place.pathDir,
    version: version.replace(/^v/, ""),
    how: "path",
  });
  expect(place.inCache()).toEqual([]);
});

test.each([
  ["too old", "echo v3.215.9", "is 3.215.9, older than 3.216"],
  ["of an old major version", "echo v2.400.0", "is 2.400.0, older than 3.216"],
  ["that fails", "echo v3.300.0; exit 1", "does not tell its version"],
  ["that prints something else", "echo no version is set for this shim", "does not tell its version"],
])("one %s is passed over, and the reason is told", async (_, text, reason) => {
  const place = scratch();
  install(place.pathDir, "v3.300.0");
  script(join(place.pathDir, "pulumi"), text);

  const setUp = startSetUp(place, "fails");

  expect(await setUp.ended).toBe(1);
  expect(setUp.printed.err).toContain(`- pulumi on PATH: ${join(place.pathDir, "pulumi")} ${reason}\n`);
});

test("one without its Node language host is passed over", async () => {
  const place = scratch();
  install(place.pathDir, "v3.300.0", false);

  const setUp = startSetUp(place, "fails");

  expect(await setUp.ended).toBe(1);
  expect(setUp.printed.err).toContain(
    "is 3.300.0, but has no pulumi-language-nodejs and no pulumi-resource-pulumi-nodejs next to it or on PATH",
  );
});

test("a good one behind an old one is used", async () => {
  const place = scratch();
  const later = join(place.folder, "later");
  install(place.pathDir, "v3.100.0");
  install(later, "v3.300.0");
  place.env["PATH"] = [place.pathDir, later].join(delimiter);

  expect((await startSetUp(place, "fails").result()).binDir).toBe(later);
});

test("the npm launcher in node_modules/.bin is not asked", async () => {
  const place = scratch();
  const bin = join(place.folder, "node_modules", ".bin");
  install(bin, "v3.300.0");
  place.env["PATH"] = bin;

  expect((await startSetUp(place, "makes").result()).how).toBe("built");
});

test("the text when nothing works", async () => {
  const place = scratch();
  const setUp = startSetUp(place, "fails");

  expect(await setUp.ended).toBe(1);
  expect(setUp.printed.out).toBe("");
  expect(setUp.printed.err.replace(place.binDir, "<cache>")).toBe(
    [
      "No Pulumi CLI by a fake build: go is not on PATH",
      "",
      "There is no usable Pulumi CLI here, and none could be set up. Tried in turn:",
      "  - pulumi on PATH: not there",
      "  - the cache <cache>: nothing usable there",
      "  - a fake build: go is not on PATH",
      "What helps: install the Pulumi CLI 3.216 or newer with its Node language host",
      "(https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run this again.",
      "",
    ].join("\n"),
  );
});
