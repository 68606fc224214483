import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { markAsInstalled, packagesAreInstalled } from "../../tools/installed-packages.mjs";
import { scratch } from "./set-up-process.js";

const left = { version: "1.0.0", integrity: "sha512-left" };
const right = { version: "2.0.0", integrity: "sha512-right", optional: true };
const lock = { "": { version: "0.0.0" }, "node_modules/left": left, "node_modules/right": right };

function tree(wanted: object, record?: object) {
  const { folder } = scratch();
  mkdirSync(join(folder, "node_modules"));
  writeLock(folder, wanted);
  if (record)
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: record }));
  return folder;
}

function writeLock(folder: string, packages: object) {
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
}

test("an installation that was cut short has neither mark nor record, and counts as none", () => {
  expect(packagesAreInstalled(tree(lock))).toBe(false);
});

test("a finished installation counts until package-lock.json changes or node_modules is removed", () => {
  const folder = tree(lock);
  markAsInstalled(folder);
  expect(packagesAreInstalled(folder)).toBe(true);

  writeLock(folder, { ...lock, "node_modules/left": { ...left, version: "1.0.1" } });
  expect(packagesAreInstalled(folder)).toBe(false);

  writeLock(folder, lock);
  expect(packagesAreInstalled(folder)).toBe(true);
  rmSync(join(folder, "node_modules"), { recursive: true });
  expect(packagesAreInstalled(folder)).toBe(false);
});

test("packages that somebody installed with npm by hand are kept, without optional ones of other platforms", () => {
  expect(packagesAreInstalled(tree(lock, { "node_modules/left": left, "node_modules/right": right }))).toBe(
    true,
  );
  expect(packagesAreInstalled(tree(lock, { "node_modules/left": left }))).toBe(true);
});

test.each([
  ["another version", { "node_modules/left": { ...left, version: "1.0.1" } }],
  ["other content", { "node_modules/left": { ...left, integrity: "sha512-other" } }],
  ["a package missing", { "node_modules/right": right }],
  ["a package too many", { "node_modules/left": left, "node_modules/more": left }],
])("a record with %s is no match", (_, record) => {
  expect(packagesAreInstalled(tree(lock, record))).toBe(false);
});

test("packages that were installed with another Node are installed again", () => {
  const folder = tree(lock, { "node_modules/left": left });
  markAsInstalled(folder);
  const mark = join(folder, "node_modules", ".installed-for");
  writeFileSync(mark, JSON.stringify({ lock: "any", node: "16" }));

  expect(packagesAreInstalled(folder)).toBe(false);
});
