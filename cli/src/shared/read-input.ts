import { constants } from "node:buffer";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { UsageError, type CommandContext } from "./command.js";

/** The text of an input file or of standard input. */
export interface Input {
  text: string;
  /** The name of the input at the beginning of a message: the file as passed, or `Standard input`. */
  name: string;
}

/**
 * The maximum size of an input. Decoded text has at most one UTF-16 code unit per byte, so the text fits into a JavaScript string.
 */
const MAX_BYTES = constants.MAX_STRING_LENGTH;

/**
 * Reads text from a file, or from standard input for `-`. Accepts UTF-8, and UTF-16 with a byte order mark. In Windows PowerShell,
 * `>` writes UTF-16.
 *
 * @param expected - what the input should be, for messages: `the complete output of \`pulumi preview --json\``
 * @throws an error that says why the input could not be read, and what to do next
 */
export async function readInput(
  file: string,
  expected: string,
  { cwd, stdin }: Pick<CommandContext, "cwd" | "stdin">,
  maxBytes = MAX_BYTES,
): Promise<Input> {
  const isStdin = file === "-";
  const name = isStdin ? "Standard input" : file;
  if (isStdin) reserveStdin(stdin, expected);
  const bytes = isStdin ? stdin : (createReadStream(resolve(cwd, file)) as AsyncIterable<Uint8Array>);
  try {
    return { text: decodeText(await readAll(bytes, maxBytes)), name };
  } catch (error) {
    throw new Error(`${name} could not be read: ${explainFailure(error, cwd)}`, { cause: error });
  }
}

/**
 * Parses an input as JSON.
 *
 * @param expected - what the input should be, as for {@link readInput}
 * @throws if the input is empty or is not JSON
 */
export function parseJsonInput({ text, name }: Input, expected: string): unknown {
  if (text.trim() === "") throw new Error(`${name} is empty. Pass ${expected}.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The message of the error begins with the reason. The rest quotes the input, which may contain a secret, so our message omits
    // it.
    const [reason = ""] = (error as Error).message.split(/,? *(?:\.\.\.)?"/);
    throw new Error(`${name} is not JSON${reason === "" ? "" : ` (${reason})`}. Pass ${expected}.`, {
      cause: error,
    });
  }
}

/** The standard inputs that {@link reserveStdin} has reserved. Standard input can be read only once. */
const reserved = new WeakSet<CommandContext["stdin"]>();

/**
 * Reserves standard input for one input.
 *
 * @throws if standard input is a terminal, because the command would wait for typed input
 * @throws if standard input is already reserved
 */
function reserveStdin(stdin: CommandContext["stdin"], expected: string): void {
  if (stdin.isTTY === true) {
    throw new UsageError(
      `Standard input is a terminal. Pass a file, or pipe the input into this command. The input must be ${expected}.`,
    );
  }
  if (reserved.has(stdin)) {
    throw new UsageError(
      "Standard input (-) is given more than once. Use it for one input, and pass files for the others.",
    );
  }
  reserved.add(stdin);
}

class TooLarge extends Error {}

async function readAll(source: AsyncIterable<Uint8Array | string>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxBytes) throw new TooLarge(`it is larger than ${maxBytes} bytes. Pass a smaller input.`);
  }
  return Buffer.concat(chunks);
}

const ENCODINGS = [
  { mark: Buffer.from([0xff, 0xfe]), encoding: "utf-16le" },
  { mark: Buffer.from([0xfe, 0xff]), encoding: "utf-16be" },
];

/** Decodes text and removes its byte order mark. */
function decodeText(bytes: Buffer): string {
  const found = ENCODINGS.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark));
  return new TextDecoder(found?.encoding).decode(bytes);
}

/** Explains why an input could not be read, and what to do next. */
function explainFailure(error: unknown, cwd: string): string {
  if (error instanceof TooLarge) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return `the file does not exist. Correct the path; a relative path is resolved in ${cwd}.`;
  }
  if (code === "EISDIR") return "it is a folder. Pass a file.";
  if (code === "EACCES" || code === "EPERM") {
    return `permission was denied (${code}). Change the permissions, or pass another file.`;
  }
  return `${code ?? message}. Pass another file, or pass - and pipe the text into the command.`;
}
