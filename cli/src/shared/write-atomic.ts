import { randomUUID } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import path from "node:path";
import { UsageError, type CommandContext } from "./command.js";
import { describeWriteFailure } from "./write-failure.js";

// Everything here is synchronous: a signal is handled before or after a write, never in the middle of one, so no
// temporary file outlives the process. A file of a few megabytes blocks nothing else: the command has only this to do.

/** How a file is written. */
export interface WriteOptions {
  /** How messages name the file. */
  name: string;
  /** Replaces a file that exists; otherwise its existence is an error. */
  overwrite: boolean;
}

/**
 * Checks the options `-o` and `--force`, before a command reads anything, which can take long.
 *
 * @returns writes the result to the file, or to standard output where no file is named
 * @throws if something of the file's name exists, a link that leads nowhere included, and there is no `--force`
 */
export function prepareOutput(
  { output, force = false }: { output?: string; force?: boolean },
  { cwd, stdout }: Pick<CommandContext, "cwd" | "stdout">,
): (text: string) => void {
  if (output === undefined) {
    if (force) throw new UsageError("--force goes with -o FILE. (--help tells more)");
    return (text) => void stdout.write(text);
  }
  const file = path.resolve(cwd, output);
  if (!force && lstatSync(file, { throwIfNoEntry: false })) throw alreadyExists(output);
  return (text) => writeAtomic(file, text, { name: output, overwrite: force });
}

/**
 * Writes a file completely or not at all. A file that is replaced keeps its mode and owner; of a symbolic link, the
 * file that it leads to is replaced. At a failure the old file is unchanged and nothing is left beside it.
 *
 * @throws an error that says why it was not written, and what to do next
 */
export function writeAtomic(file: string, text: string, { name, overwrite }: WriteOptions): void {
  try {
    if (overwrite) replaceFile(file, text);
    else writeBeside(file, text, (temporary) => publishNew(temporary, file));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof UnsuitableTarget) {
      throw new Error(`${name} was not written: ${error.message}`, { cause: error });
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw alreadyExists(name);
    throw new Error(describeWriteFailure(name, { code, message: error.message }, "name another file"), {
      cause: error,
    });
  }
}

/** What has the file's name cannot be replaced by a file. The message says what it is and what to do. */
class UnsuitableTarget extends Error {}

function replaceFile(file: string, text: string): void {
  const target = resolveLinks(file);
  const existing = statSync(target, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw new UnsuitableTarget("it is a folder. Name a file.");
  // A rename would put a file in the place of a device such as /dev/null.
  if (existing && !existing.isFile()) {
    throw new UnsuitableTarget(
      "it is not a regular file. Name another file, or leave out -o and redirect standard output.",
    );
  }
  writeBeside(target, text, (temporary) => renameSync(temporary, target), existing);
}

function resolveLinks(file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
  try {
    return realpathSync(file);
  } catch {
    throw new UnsuitableTarget(
      "it is a symbolic link that leads nowhere. Delete the link, or name another file.",
    );
  }
}

/**
 * Writes the text to a temporary file in the same folder, then lets `publish` give it its name. Not `write-file-atomic`:
 * version 7 ignores how many bytes a write has taken, and so replaces a file by half of the new one when the disk is
 * full. `writeFileSync` writes everything or throws.
 */
function writeBeside(
  target: string,
  text: string,
  publish: (temporary: string) => void,
  existing?: Stats,
): void {
  const temporary = path.join(path.dirname(target), `.org-connections-${randomUUID()}.tmp`);
  // Until it has the mode of the old file, nobody else may read it.
  const descriptor = openSync(temporary, "wx", existing ? 0o600 : 0o666);
  try {
    try {
      writeFileSync(descriptor, text);
      if (existing) copyOwnerAndMode(existing, descriptor);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    publish(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function copyOwnerAndMode({ uid, gid, mode }: Stats, descriptor: number): void {
  const own = fstatSync(descriptor);
  // Only where they differ: some file systems know neither.
  if (own.uid !== uid || own.gid !== gid) fchownSync(descriptor, uid, gid);
  fchmodSync(descriptor, mode & 0o7777);
}

/** Codes by which file systems say that they have no hard links (exFAT, some network file systems). */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"]);

/** Gives a complete file its name. Throws EEXIST if the name is taken. */
function publishNew(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    publishWithoutLinks(temporary, target);
  }
}

/** Reserves the name with an empty file, then replaces that: two calls, since a rename alone would overwrite. */
function publishWithoutLinks(temporary: string, target: string): void {
  closeSync(openSync(target, "wx"));
  try {
    renameSync(temporary, target);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

const alreadyExists = (name: string): Error =>
  new Error(`${name} exists, and was left as it is. Name another file, or write over it with --force.`);
