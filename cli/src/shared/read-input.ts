import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError, type CommandContext } from "./command.js";

/** A text that a command was given, and how messages call it. */
export interface Input {
  text: string;
  name: string;
}

/** Reads a file, or standard input for `-`. Throws a message that says what could not be read. */
export async function readInput(file: string, { cwd, stdin }: CommandContext): Promise<Input> {
  if (file === "-") return { text: decoded(await allOf(stdin)), name: "standard input" };
  try {
    return { text: decoded(await readFile(resolve(cwd, file))), name: file };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(code);
    throw new Error(`${file} could not be read: ${why}.`, { cause: error });
  }
}

async function allOf(stdin: CommandContext["stdin"]): Promise<Buffer> {
  if ((stdin as { isTTY?: boolean }).isTTY === true) {
    throw new UsageError("Standard input is a terminal: name a file, or pipe something in.");
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stdin)
    chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** UTF-8; UTF-16 where the text says so, as that of `>` in Windows PowerShell does. */
function decoded(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.toString(isUtf16 ? "utf16le" : "utf8");
}
