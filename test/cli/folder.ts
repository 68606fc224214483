import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach } from "vitest";

/** A temporary folder with the files of a test. */
export interface Folder {
  readonly path: string;
  getPath: (name: string) => string;
  /** Writes a text, bytes, or any other value as JSON. Returns the path of the file. */
  write: (name: string, content: unknown) => string;
  read: (name: string) => string;
  has: (name: string) => boolean;
  /** Lists the names of the files, sorted. */
  list: () => string[];
  /** Writes a `pulumi` that runs this JavaScript, because the tests have only one real CLI. PATH needs the path of this folder. */
  writePulumi: (script: string) => void;
}

/** Creates a folder for the tests of one file, which is empty at the start of each test if `isCleared`. */
export function useFolder({ isCleared = false } = {}): Folder {
  const root = mkdtempSync(path.join(tmpdir(), "cli-test-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  if (isCleared) {
    beforeEach(() => {
      for (const name of readdirSync(root)) rmSync(path.join(root, name), { recursive: true });
    });
  }
  return createFolder(root);
}

/** Uses an existing folder. */
export function createFolder(root: string): Folder {
  const getPath = (name: string) => path.join(root, name);
  return {
    path: root,
    getPath,
    write(name, content) {
      mkdirSync(path.dirname(getPath(name)), { recursive: true });
      const isData = typeof content === "string" || content instanceof Uint8Array;
      writeFileSync(getPath(name), isData ? content : JSON.stringify(content));
      return getPath(name);
    },
    read: (name) => readFileSync(getPath(name), "utf8"),
    has: (name) => existsSync(getPath(name)),
    list: () => readdirSync(root).toSorted(),
    writePulumi: (script) =>
      writeFileSync(getPath("pulumi"), `#!${process.execPath}\n${script}\n`, { mode: 0o755 }),
  };
}
