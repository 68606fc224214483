import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { markAsInstalled, arePackagesInstalled } from "../../tools/bootstrap.mjs";
import { createScratch } from "./set-up-process.js";

const left = { version: "1.0.0", integrity: "sha512-left" };
const right = { version: "2.0.0", integrity: "sha512-right", optional: true };
const lock = { "": { version: "0.0.0" }, "node_modules/left": left, "node_modules/right": right };

function createTree(locked: object, record?: object) {
  const { folder } = createScratch();
  mkdirSync(join(folder, "node_modules"));
  writeLock(folder, locked);
  if (record)
    writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: record }));
  return folder;
}

function writeLock(folder: string, packages: object) {
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
}

test("an interrupted installation has neither mark nor record, and does not count", () => {
  expect(arePackagesInstalled(createTree(lock))).toBe(false);
});

test("a complete installation counts until package-lock.json changes or node_modules is removed", () => {
  const folder = createTree(lock);
  markAsInstalled(folder);
  expect(arePackagesInstalled(folder)).toBe(true);

  writeLock(folder, { ...lock, "node_modules/left": { ...left, version: "1.0.1" } });
  expect(arePackagesInstalled(folder)).toBe(false);

  writeLock(folder, lock);
  expect(arePackagesInstalled(folder)).toBe(true);
  rmSync(join(folder, "node_modules"), { recursive: true });
  expect(arePackagesInstalled(folder)).toBe(false);
});

test("packages installed manually with npm count, even without optional ones of other platforms", () => {
  expect(
    arePackagesInstalled(createTree(lock, { "node_modules/left": left, "node_modules/right": right })),
  ).toBe(true);
  expect(arePackagesInstalled(createTree(lock, { "node_modules/left": left }))).toBe(true);
});

test("a new example needs no installation, but a new package of the workspace does", () => {
  const addWorkspace = (name: string) => ({
    ...lock,
    [name]: { dependencies: {} },
    [`node_modules/${name.split("/").at(-1)}`]: { resolved: name, link: true },
  });
  const record = { "node_modules/left": left };
  expect(arePackagesInstalled(createTree(addWorkspace("examples/mesh"), record))).toBe(true);
  expect(arePackagesInstalled(createTree(addWorkspace("plugin"), record))).toBe(false);
});

test.each([
  ["another version", { "node_modules/left": { ...left, version: "1.0.1" } }],
  ["other content", { "node_modules/left": { ...left, integrity: "sha512-other" } }],
  ["a package missing", { "node_modules/right": right }],
  ["an additional package", { "node_modules/left": left, "node_modules/more": left }],
])("a record with %s does not match", (_, record) => {
  expect(arePackagesInstalled(createTree(lock, record))).toBe(false);
});

test("packages installed with another Node are installed again", () => {
  const folder = createTree(lock, { "node_modules/left": left });
  markAsInstalled(folder);
  const mark = join(folder, "node_modules", ".installed-for");
  writeFileSync(mark, JSON.stringify({ lock: "any", node: "16" }));

  expect(arePackagesInstalled(folder)).toBe(false);
});
