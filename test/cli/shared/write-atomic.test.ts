import type * as fs from "node:fs";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeAtomic } from "../../../cli/src/shared/write-atomic.js";

const calls = vi.hoisted(() => ({ failing: new Map<string, string>() }));

/** The functions of Node. Those in `calls.failing` fail with that code. */
vi.mock("node:fs", async (load) => {
  const real = await load<typeof fs>();
  const failOr = (name: string, call: () => void) => {
    const code = calls.failing.get(name);
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${name}`), { code });
    call();
  };
  return {
    ...real,
    linkSync: (from: string, to: string) => failOr("link", () => real.linkSync(from, to)),
    renameSync: (from: string, to: string) => failOr("rename", () => real.renameSync(from, to)),
    fsyncSync: (descriptor: number) => failOr("fsync", () => real.fsyncSync(descriptor)),
  };
});

let folder = "";
let file = "";
beforeEach(() => {
  calls.failing.clear();
  folder = mkdtempSync(path.join(tmpdir(), "write-atomic-"));
  file = path.join(folder, "out");
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string, overwrite = false) => writeAtomic(file, text, { name: "out", overwrite });

describe("a file system without hard links", () => {
  beforeEach(() => void calls.failing.set("link", "EPERM"));

  test("gets the complete new file", () => {
    write("text");
    expect(readFileSync(file, "utf8")).toBe("text");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  test("keeps an existing file", () => {
    writeFileSync(file, "old");
    expect(() => write("text")).toThrow("out exists and was not changed.");
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  test("has no empty file after a failed rename", () => {
    calls.failing.set("rename", "EIO");
    expect(() => write("text")).toThrow("out was not written: EIO.");
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("a new file does not replace an existing file", () => {
  writeFileSync(file, "old");
  expect(() => write("text")).toThrow("out exists and was not changed.");
  expect(readFileSync(file, "utf8")).toBe("old");
});

test("a replacement has the mode of the old file", () => {
  writeFileSync(file, "old");
  chmodSync(file, 0o640);
  write("text", true);
  expect([readFileSync(file, "utf8"), statSync(file).mode & 0o7777]).toEqual(["text", 0o640]);
});

test.each(["link", "fsync"])("a new file that fails at %s leaves no file", (call) => {
  calls.failing.set(call, "EIO");
  expect(() => write("text")).toThrow("out was not written: EIO.");
  expect(readdirSync(folder)).toEqual([]);
});

test.each(["rename", "fsync"])("a replacement that fails at %s leaves the old file", (call) => {
  writeFileSync(file, "old");
  calls.failing.set(call, "ENOSPC");
  expect(() => write("text", true)).toThrow("out was not written: there is not enough space (ENOSPC).");
  expect(readFileSync(file, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["out"]);
});
