import { constants } from "node:buffer";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { UsageError, type CommandContext } from "./command.js";

/** A text that a command was given. */
export interface Input {
  text: string;
  /** How messages call it, at the beginning of a sentence. */
  name: string;
}

/** More does not fit into one string of JavaScript. */
const MAX_BYTES = constants.MAX_STRING_LENGTH;

/**
 * Reads a file, or standard input for `-`, as text: UTF-8, or UTF-16 with a byte order mark, which is what `>` writes in
 * Windows PowerShell.
 *
 * @param wanted - what the text should be, for messages: `the complete output of \`pulumi stack export\``
 * @throws an error that says why it could not be read, and what to do next
 */
export async function readInput(
  file: string,
  wanted: string,
  { cwd, stdin }: Pick<CommandContext, "cwd" | "stdin">,
  maxBytes = MAX_BYTES,
): Promise<Input> {
  const isStdin = file === "-";
  const name = isStdin ? "Standard input" : file;
  if (isStdin) refuseStdin(stdin, wanted);
  const bytes = isStdin ? stdin : (createReadStream(resolve(cwd, file)) as AsyncIterable<Uint8Array>);
  try {
    return { text: decodeText(await readAll(bytes, maxBytes)), name };
  } catch (error) {
    throw new Error(`${name} could not be read: ${explainFailure(error, cwd)}`, { cause: error });
  }
}

/**
 * The value of a JSON text that a command was given.
 *
 * @param wanted - what the text should be, as for {@link readInput}
 */
export function parseJsonInput({ text, name }: Input, wanted: string): unknown {
  if (text.trim() === "") throw new Error(`${name} is empty. Pass ${wanted}.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Behind it the parser quotes the text, and a state may hold a secret in plain text.
    const [reason = ""] = (error as Error).message.split(/,? *(?:\.\.\.)?"/);
    throw new Error(`${name} is not JSON${reason === "" ? "" : ` (${reason})`}. Pass ${wanted}.`, {
      cause: error,
    });
  }
}

/** Standard inputs that were read: there is nothing left to read in them. */
const consumed = new WeakSet<CommandContext["stdin"]>();

/** Throws where a command would wait for somebody to type, or would read nothing. */
function refuseStdin(stdin: CommandContext["stdin"], wanted: string): void {
  if (stdin.isTTY === true) {
    throw new UsageError(`Standard input is a terminal. Pipe ${wanted} into the command, or name a file.`);
  }
  if (consumed.has(stdin)) {
    throw new UsageError("Standard input (-) is named twice. Name a file for all but one of them.");
  }
  consumed.add(stdin);
}

class TooLarge extends Error {}

async function readAll(source: AsyncIterable<Uint8Array | string>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxBytes) throw new TooLarge(`it is larger than ${maxBytes} bytes. Pass a smaller text.`);
  }
  return Buffer.concat(chunks);
}

const ENCODINGS = [
  { mark: Buffer.from([0xff, 0xfe]), encoding: "utf-16le" },
  { mark: Buffer.from([0xfe, 0xff]), encoding: "utf-16be" },
];

/** The text without its byte order mark. */
function decodeText(bytes: Buffer): string {
  const found = ENCODINGS.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark));
  return new TextDecoder(found?.encoding).decode(bytes);
}

/** Why a file could not be read, and what to do next. */
function explainFailure(error: unknown, cwd: string): string {
  if (error instanceof TooLarge) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return `there is no such file. Correct the path; a relative one starts in ${cwd}.`;
  }
  if (code === "EISDIR") return "it is a folder. Name a file.";
  if (code === "EACCES" || code === "EPERM") {
    return `permission was denied (${code}). Change its permissions, or name another file.`;
  }
  return `${code ?? message}. Name another file, or pipe the text in and name -.`;
}
