import { fstatSync, writeFileSync } from "node:fs";

/** Standard output or standard error, as a command gets it. */
export interface Output {
  write(text: string): void;
  isTTY: boolean;
  /** The width of the terminal, in columns. Undefined if the stream is not a terminal. */
  columns: number | undefined;
}

/**
 * Wraps a standard stream so that a write never throws. If the reader has closed it (`datadog-org-connections inventory |
 * head`), the rest is dropped and the command continues.
 *
 * @param onFailure - called for every other write failure, such as a full disk
 */
export function openOutput(
  stream: NodeJS.WriteStream & { fd: number },
  onFailure: (error: NodeJS.ErrnoException) => void,
): Output {
  let isClosed = false;
  const fail = (error: NodeJS.ErrnoException) => {
    isClosed = true;
    if (error.code !== "EPIPE") onFailure(error);
  };
  stream.on("error", fail);
  const writesFile = isRegularFile(stream.fd);
  return {
    isTTY: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
    write(text) {
      if (isClosed) return;
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
    // Without `bigint`, `fstatSync` leaves its result (here, that the file is a pipe) in a buffer that `realpathSync` reads later.
    // Node then loads packages by the paths of their symbolic links, so packages installed by pnpm do not find their dependencies.
    return fstatSync(descriptor, { bigint: true }).isFile();
  } catch {
    return false;
  }
}
