import type * as fs from "node:fs";
import { chmodSync, statSync, symlinkSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { prepareOutput, writeAtomic } from "../../../cli/src/shared/write-atomic.js";
import { useFolder } from "../folder.js";

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
    realpathSync: (link: string) => {
      let target = "";
      failOr("realpath", () => (target = real.realpathSync(link)));
      return target;
    },
    fsyncSync: (descriptor: number) => failOr("fsync", () => real.fsyncSync(descriptor)),
    fchownSync: (descriptor: number, uid: number, gid: number) =>
      failOr("fchown", () => real.fchownSync(descriptor, uid, gid)),
    // If this fails, the new file has another owner than the old one. Without root, a test cannot change that of the old one.
    fstatSync: (descriptor: number) => {
      const stats = real.fstatSync(descriptor);
      return calls.failing.has("fchown") ? Object.assign(stats, { uid: stats.uid + 1 }) : stats;
    },
  };
});

const folder = useFolder({ isCleared: true });
const file = folder.getPath("out");
beforeEach(() => calls.failing.clear());

const write = (text: string, overwrite = false) => writeAtomic(file, text, { name: "out", overwrite });

describe("a file system without hard links", () => {
  beforeEach(() => void calls.failing.set("link", "EPERM"));

  test("gets the complete new file", () => {
    write("text");
    expect(folder.read("out")).toBe("text");
    expect(folder.list()).toEqual(["out"]);
  });

  test("keeps an existing file", () => {
    folder.write("out", "old");
    expect(() => write("text")).toThrow("out exists and was not changed.");
    expect(folder.read("out")).toBe("old");
    expect(folder.list()).toEqual(["out"]);
  });

  test("has no empty file after a failed rename", () => {
    calls.failing.set("rename", "EIO");
    expect(() => write("text")).toThrow("out was not written: EIO.");
    expect(folder.list()).toEqual([]);
  });
});

test("a new file does not replace an existing file", () => {
  folder.write("out", "old");
  expect(() => write("text")).toThrow("out exists and was not changed.");
  expect(folder.read("out")).toBe("old");
});

test("a replacement has the mode of the old file", () => {
  folder.write("out", "old");
  chmodSync(file, 0o640);
  write("text", true);
  expect([folder.read("out"), statSync(file).mode & 0o7777]).toEqual(["text", 0o640]);
});

test.each(["link", "fsync"])("a new file that fails at %s leaves no file", (call) => {
  calls.failing.set(call, "EIO");
  expect(() => write("text")).toThrow("out was not written: EIO.");
  expect(folder.list()).toEqual([]);
});

test.each(["rename", "fsync"])("a replacement that fails at %s leaves the old file", (call) => {
  folder.write("out", "old");
  calls.failing.set(call, "ENOSPC");
  expect(() => write("text", true)).toThrow("out was not written: there is not enough space (ENOSPC).");
  expect(folder.read("out")).toBe("old");
  expect(folder.list()).toEqual(["out"]);
});

test("a symbolic link into a folder that is not accessible is not reported as a broken link", () => {
  symlinkSync(folder.getPath("target"), file);
  expect(() => write("text", true)).toThrow("out was not written: it is a broken symbolic link. ");
  calls.failing.set("realpath", "EACCES");
  expect(() => write("text", true)).toThrow("out was not written: permission was denied (EACCES). ");
});

test("a limit on the size of files is not reported as a full disk", () => {
  calls.failing.set("fsync", "EFBIG");
  expect(() => write("text")).toThrow(
    "out was not written: the file would exceed the maximum file size (EFBIG). Raise the limit, or pass another file.",
  );
});

test("a replacement for a file of another owner names the owner, not the permissions of the folder", () => {
  folder.write("out", "old");
  calls.failing.set("fchown", "EPERM");
  expect(() => write("text", true)).toThrow(
    /^out was not written: a replaced file keeps its owner and group, .* \(EPERM\)\. Delete the file first, /,
  );
  expect(folder.read("out")).toBe("old");
  expect(folder.list()).toEqual(["out"]);
});

test.each([
  [
    "through a file",
    "out/x",
    "a folder in its path is actually a file (ENOTDIR). Correct the path, or pass another file.",
  ],
  [
    "that is too long",
    "x".repeat(300),
    "its name or path is too long (ENAMETOOLONG). Shorten it, or pass another file.",
  ],
])("a path %s is reported before the command starts, with and without --force", (_, output, reason) => {
  folder.write("out", "old");
  for (const force of [false, true]) {
    expect(() => prepareOutput({ output, force }, { cwd: folder.path, stdout: process.stdout })).toThrow(
      `${output} was not written: ${reason}`,
    );
  }
});
