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
import { describeWriteFailure } from "./output.js";

// Everything here is synchronous. Node never calls the signal listeners of `main.ts` during a synchronous write, so a SIGINT
// (Ctrl-C) or SIGTERM during the write leaves no temporary file. There is an exception: if one of these signals was handled before
// the write, a second one of the same kind during the write ends the process at once. The command does nothing else at this point,
// so a synchronous write delays nothing.

/** How a file is written. */
export interface WriteOptions {
  /** The name of the file in messages. */
  name: string;
  /** Whether an existing file is replaced. Otherwise, an existing file is an error. */
  overwrite: boolean;
}

/**
 * Checks the options `-o` and `--force` before a command reads its inputs, because reading can take a long time.
 *
 * @returns a function that writes the result to the file or, without `-o`, to standard output
 * @throws if `--force` is passed without `-o`
 * @throws if the file exists, even as a broken link, and `--force` is not passed
 * @throws if the check for an existing file fails
 */
export function prepareOutput(
  { output, force = false }: { output?: string; force?: boolean },
  { cwd, stdout }: Pick<CommandContext, "cwd" | "stdout">,
): (text: string) => void {
  if (output === undefined) {
    if (force) throw new UsageError("--force requires -o FILE. See --help.");
    return (text) => void stdout.write(text);
  }
  const file = path.resolve(cwd, output);
  if (hasEntry(file, output) && !force) throw createExistsError(output);
  return (text) => writeAtomic(file, text, { name: output, overwrite: force });
}

/**
 * Whether anything exists at the path, even a broken link.
 *
 * @throws if the check fails, because a write would fail too
 */
function hasEntry(file: string, name: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw toWriteError(error, name);
  }
}

/**
 * Writes a file completely or not at all. A replaced file keeps its mode, owner and group. For a symbolic link, the target is
 * replaced. After a failure, the old file is unchanged, and no temporary file remains.
 *
 * @throws an error that says why the file was not written and, for a common cause, what to do next
 */
export function writeAtomic(file: string, text: string, { name, overwrite }: WriteOptions): void {
  try {
    if (overwrite) replaceFile(file, text);
    else writeTemporary(file, text, (temporary) => publishNew(temporary, file));
  } catch (error) {
    if (error instanceof UnsuitableTarget) {
      throw new Error(`${name} was not written: ${error.message}`, { cause: error });
    }
    throw toWriteError(error, name);
  }
}

/** Converts a file system error to the error that {@link writeAtomic} throws. */
function toWriteError(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return createExistsError(name);
  const description = describeWriteFailure(name, { code, message: error.message }, "pass another file");
  return new Error(description, { cause: error });
}

/** The target cannot be replaced. The message says why, and what to do next. */
class UnsuitableTarget extends Error {}

function replaceFile(file: string, text: string): void {
  const target = resolveLinks(file);
  const existing = statSync(target, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw new UnsuitableTarget("it is a folder. Pass a file.");
  // A rename would replace a device such as /dev/null with a file.
  if (existing && !existing.isFile()) {
    throw new UnsuitableTarget(
      "it is not a regular file. Pass another file, or leave out -o and redirect standard output.",
    );
  }
  writeTemporary(target, text, (temporary) => renameSync(temporary, target), existing);
}

/** Error codes for a symbolic link that leads to no file. */
const BROKEN_LINK = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

function resolveLinks(file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
  try {
    return realpathSync(file);
  } catch (error) {
    if (!BROKEN_LINK.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new UnsuitableTarget("it is a broken symbolic link. Delete the link, or pass another file.");
  }
}

/**
 * Writes the text to a temporary file in the folder of the target. Then `publish` gives the file its final name.
 *
 * Do not use `write-file-atomic` 7. It ignores how many bytes were written, so on a full disk it replaces the file with a truncated
 * one. `writeFileSync` writes everything or throws.
 */
function writeTemporary(
  target: string,
  text: string,
  publish: (temporary: string) => void,
  existing?: Stats,
): void {
  const temporary = path.join(path.dirname(target), `.org-connections-${randomUUID()}.tmp`);
  // Other users must not be able to read the new file before it has the mode of the old one.
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
  // Change the owner only if it differs, because some file systems do not support owners.
  if (own.uid !== uid || own.gid !== gid) changeOwner(descriptor, uid, gid);
  fchmodSync(descriptor, mode & 0o7777);
}

function changeOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    throw new UnsuitableTarget(
      "a replaced file keeps its owner and group, and this user cannot set those of this file (EPERM). Delete the " +
        "file first, pass another file, or run this command as a user who may set them, such as root.",
    );
  }
}

/** Error codes of file systems without hard links (exFAT, some network file systems). */
const NO_HARD_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"]);

/** Gives a complete file its final name. Throws EEXIST if a file with this name exists. */
function publishNew(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (!NO_HARD_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    publishWithoutLinks(temporary, target);
  }
}

/** Reserves the name with an empty file, and then replaces that file. A rename alone would overwrite an existing file. */
function publishWithoutLinks(temporary: string, target: string): void {
  closeSync(openSync(target, "wx"));
  try {
    renameSync(temporary, target);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
}

const createExistsError = (name: string): Error =>
  new Error(`${name} exists and was not changed. Pass another file, or pass --force to overwrite ${name}.`);
