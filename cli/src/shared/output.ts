import { fstatSync, writeFileSync } from "node:fs";

/** Standard output or standard error, as a command gets it. */
export interface Output {
  write(text: string): void;
  isTTY: boolean;
}

/**
 * Wraps a standard stream, so that a write never throws and never stops the command because of its reader: once nobody
 * reads any more (`datadog-org-connections inventory | head`), the rest is dropped.
 *
 * @param onFailure - called for every other failure of a write, such as a full disk
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
    write(text) {
      if (isClosed) return;
      if (!writesFile) {
        stream.write(text);
        return;
      }
      try {
        // Node's stream ignores how much of the text a full disk has taken, and so cuts it off without an error.
        writeFileSync(stream.fd, text);
      } catch (error) {
        fail(error as NodeJS.ErrnoException);
      }
    },
  };
}

function isRegularFile(descriptor: number): boolean {
  try {
    // As a bigint: of a pipe, the usual form makes Node (`realpathSync` reads what the last call has left) load packages by
    // the paths of their symbolic links from then on, so that what pnpm has installed does not find its dependencies.
    return fstatSync(descriptor, { bigint: true }).isFile();
  } catch {
    return false;
  }
}
