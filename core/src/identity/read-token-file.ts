import { open, stat } from "node:fs/promises";
import { findErrorCode } from "./error-fields.js";
import { MAX_TOKEN_LENGTH } from "./jwt.js";

/** The start of a file, or why the file cannot be read. */
export type FileResult = { text: string } | { problem: string };

/** Reads the start of a token file. Reads slightly more than the maximum length of a token, to detect a token that is too long. */
export async function readTokenFile(path: string): Promise<FileResult> {
  try {
    // Opening a named pipe would wait until another process writes to it.
    if (!(await stat(path)).isFile()) return { problem: "is not a file" };
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_TOKEN_LENGTH + 1024));
      return { text: buffer.toString("utf8", 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = findErrorCode(error);
    return { problem: code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? "unknown error"})` };
  }
}
