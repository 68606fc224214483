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
  /**
   * Writes a `pulumi`, because the tests have only one real CLI. PATH needs the path of this folder. It adds its arguments to the
   * file `arguments`.
   *
   * @param outputs - what it prints for a command, or for a command with another argument such as `config --stack=dev`: a text, or
   *   a value as JSON
   */
  writePulumi: (outputs: Record<string, unknown>) => void;
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
    writePulumi(outputs) {
      for (const [command, output] of Object.entries(outputs)) this.write(`pulumi-${command}`, output);
      // PATH may contain nothing else.
      const script = `#!/bin/sh
echo "$*" >> "${getPath("arguments")}"
for argument; do
  [ ! -e "$0-$1 $argument" ] || exec /bin/cat "$0-$1 $argument"
done
exec /bin/cat "$0-$1"
`;
      writeFileSync(getPath("pulumi"), script, { mode: 0o755 });
    },
  };
}
