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

// Everything here is synchronous: SIGINT and SIGTERM are handled before or after a write, never during one, so neither leaves a
// temporary file. The command does nothing else at this point, so a synchronous write delays nothing.

/** How a file is written. */
export interface WriteOptions {
  /** The name of the file in messages. */
  name: string;
  /** Replaces a file that exists; otherwise its existence is an error. */
  overwrite: boolean;
}

/**
 * Checks the options `-o` and `--force` before a command starts to read, which can take a long time.
 *
 * @returns a function that writes the result to the file, or to standard output without `-o`
 * @throws if the file exists, even as a broken link, and there is no `--force`; if there is `--force` without `-o`
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
 * Whether the path has an entry, even a broken link.
 *
 * @throws if that cannot be determined, because then the file cannot be written either
 */
function hasEntry(file: string, name: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw toWriteError(error, name);
  }
}

/**
 * Writes a file completely or not at all. A replaced file keeps its mode and owner; for a symbolic link, its target is
 * replaced. After a failure the old file is unchanged, and no temporary file is left.
 *
 * @throws an error that says why the file was not written, and, if the cause is a usual one, what to do next
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

/** Converts an error of the file system to one that says why the file was not written, and, if the cause is a usual one, what to do next. */
function toWriteError(error: unknown, name: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return createExistsError(name);
  const description = describeWriteFailure(name, { code, message: error.message }, "pass another file");
  return new Error(description, { cause: error });
}

/** The target cannot be replaced by a file. The message says what it is and what to do. */
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

function resolveLinks(file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
  try {
    return realpathSync(file);
  } catch {
    throw new UnsuitableTarget("it is a broken symbolic link. Delete the link, or pass another file.");
  }
}

/**
 * Writes the text to a temporary file in the same folder. Then `publish` gives the file its final name.
 *
 * `write-file-atomic` 7 is not used: it ignores how many bytes were written, so on a full disk it replaces a file with a
 * truncated one. `writeFileSync` writes everything or throws.
 */
function writeTemporary(
  target: string,
  text: string,
  publish: (temporary: string) => void,
  existing?: Stats,
): void {
  const temporary = path.join(path.dirname(target), `.org-connections-${randomUUID()}.tmp`);
  // No one else may read the new file before it has the mode of the old one.
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
  // Change the owner only if it differs, because some file systems do not support that.
  if (own.uid !== uid || own.gid !== gid) changeOwner(descriptor, uid, gid);
  fchmodSync(descriptor, mode & 0o7777);
}

function changeOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    throw new UnsuitableTarget(
      "it has another owner or group, which this user cannot set (EPERM). Run this command as its owner, delete the file first, or " +
        "pass another file.",
    );
  }
}

/** Error codes of file systems without hard links (exFAT, some network file systems). */
const NO_HARD_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR"]);

/** Gives a complete file its name. Throws EEXIST if the name is taken. */
function publishNew(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (!NO_HARD_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    publishWithoutLinks(temporary, target);
  }
}

/** Reserves the name with an empty file, then replaces that file, since a rename alone would overwrite. */
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
  new Error(`${name} exists and was not changed. Pass another file, or overwrite it with --force.`);
