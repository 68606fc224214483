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
