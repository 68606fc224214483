import { fstatSync, writeFileSync } from "node:fs";

/** Standard output or standard error of a command. */
export interface Output {
  write(text: string): void;
  isTTY: boolean;
  /** The width of the terminal, in columns. Undefined if the stream is not a terminal. */
  columns: number | undefined;
  /** Whether the stream is a terminal with colors. Node also reads NO_COLOR, FORCE_COLOR and TERM. */
  isColored: boolean;
}

/**
 * Wraps a standard stream so that a failed write does not throw. After a failure, nothing more is written. The command continues
 * unless `onFailure` ends the process.
 *
 * @param onFailure - called for a write failure, such as a full disk. Not called if the reader has closed the stream
 *   (`datadog-org-connections inventory | head`)
 */
export function openOutput(
  stream: NodeJS.WriteStream & { fd: number },
  onFailure: (error: NodeJS.ErrnoException) => void,
): Output {
  let hasFailed = false;
  const fail = (error: NodeJS.ErrnoException) => {
    hasFailed = true;
    if (error.code !== "EPIPE") onFailure(error);
  };
  stream.on("error", fail);
  const writesFile = isRegularFile(stream.fd);
  return {
    isTTY: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
    isColored: stream.isTTY && stream.hasColors(),
    write(text) {
      if (hasFailed) return;
      if (!writesFile) {
        stream.write(text);
        return;
      }
      try {
        // On a full disk, Node's stream truncates the text without an error.
        writeFileSync(stream.fd, text);
      } catch (error) {
        fail(error as NodeJS.ErrnoException);
      }
    },
  };
}

function isRegularFile(descriptor: number): boolean {
  try {
    // `bigint` avoids a bug in Node. Without `bigint`, `fstatSync` leaves its result in a buffer that `realpathSync` reads later.
    // If the stream is a pipe, Node then loads packages by the paths of their symbolic links. As a result, packages that
    // pnpm has installed do not find their dependencies.
    return fstatSync(descriptor, { bigint: true }).isFile();
  } catch {
    return false;
  }
}

interface WriteFailureCause {
  why: string;
  action: string;
}

const noSpace: WriteFailureCause = { why: "there is not enough space", action: "Free some space" };
const noPermission: WriteFailureCause = {
  why: "permission was denied",
  action: "Change the permissions of its folder",
};

const CAUSES: Record<string, WriteFailureCause> = {
  ENOSPC: noSpace,
  EDQUOT: noSpace,
  // The process (`ulimit -f`) and the file system each limit the size of a file.
  EFBIG: { why: "the file would exceed the maximum file size", action: "Raise the limit" },
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: { why: "the file system is read-only", action: "Make it writable" },
  ENOENT: { why: "its folder does not exist", action: "Create the folder" },
  ENOTDIR: { why: "a folder in its path is actually a file", action: "Correct the path" },
  ENAMETOOLONG: { why: "its name or path is too long", action: "Shorten it" },
};

/**
 * Describes why a write failed and what to do next. If the code of the error is not in {@link CAUSES}, the description has
 * no advice.
 *
 * @param otherPlace - how to write to another place, as the end of a sentence: `pass another file`
 * @example `out.html was not written: there is not enough space (ENOSPC). Free some space, or pass another file.`
 */
export function describeWriteFailure(
  name: string,
  { code, message }: Pick<NodeJS.ErrnoException, "code" | "message">,
  otherPlace: string,
): string {
  const cause = code === undefined ? undefined : CAUSES[code];
  if (!cause) return `${name} was not written: ${code ?? message}.`;
  return `${name} was not written: ${cause.why} (${code}). ${cause.action}, or ${otherPlace}.`;
}
