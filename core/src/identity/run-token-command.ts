import { execFile, type ExecFileException } from "node:child_process";
import * as v from "valibot";
import { parseJson } from "../text/data.js";
import { findErrorCode, findErrorName } from "./error-fields.js";
import { MAX_TOKEN_LENGTH } from "./jwt.js";
import type { ProofContext } from "./proof-context.js";

/** The name of the environment variable in which the command finds the audience. */
export const AUDIENCE_VARIABLE = "DD_OIDC_AUDIENCE";

/** What a command printed, or why its output cannot be used. */
export type CommandResult =
  { kind: "printed"; text: string } | { kind: "timed-out" } | { kind: "failed"; problem: string };

/** A program and its arguments. */
type Command = [program: string, ...args: string[]];

/** A program or an argument. Node.js does not start a program if its name or an argument contains a NUL character. */
const partSchema = v.pipe(
  v.string(),
  v.check((text) => !text.includes("\0")),
);
const commandSchema = v.tupleWithRest([v.pipe(partSchema, v.nonEmpty())], partSchema);

/**
 * Parses a command: a program, or a JSON array of a program and its arguments. No shell runs the command, so it needs no shell
 * quotes. Returns `undefined` if the command is invalid.
 */
export function parseTokenCommand(text: string): Command | undefined {
  const parsed = v.safeParse(commandSchema, text.startsWith("[") ? parseJson(text) : [text]);
  return parsed.success ? parsed.output : undefined;
}

/**
 * Runs a command that prints a token. The time and the output of the command are limited. Standard error is discarded, because it
 * may contain secrets.
 */
export function runTokenCommand(
  [program, ...args]: Command,
  audience: string,
  { env, timeoutMs }: ProofContext,
): Promise<CommandResult> {
  const options = {
    env: { ...env, [AUDIENCE_VARIABLE]: audience },
    encoding: "utf8",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    // More than the length of a token, because `maxBuffer` also limits standard error, which may contain warnings.
    maxBuffer: 4 * MAX_TOKEN_LENGTH,
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    try {
      const child = execFile(program, args, options, (error, stdout) =>
        resolve(error ? explainFailure(error) : { kind: "printed", text: stdout }),
      );
      child.stdin?.end();
    } catch (error) {
      // Node.js throws some errors, such as ENOTDIR and E2BIG, instead of passing them to the callback.
      resolve({ kind: "failed", problem: `did not run (${findErrorCode(error) ?? findErrorName(error)})` });
    }
  });
}

/** Explains why a command failed. Does not use the message of the error, which contains the arguments and standard error. */
function explainFailure({ code, killed, signal }: ExecFileException): CommandResult {
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { kind: "failed", problem: "printed too much" };
  if (code === "ENOENT") return { kind: "failed", problem: "does not exist" };
  if (typeof code === "number") return { kind: "failed", problem: `exited with code ${code}` };
  // `killed` means that Node ended the command. The limit of the output is handled above, so the cause is the timeout.
  if (killed === true) return { kind: "timed-out" };
  if (typeof signal === "string") return { kind: "failed", problem: `was terminated by ${signal}` };
  return { kind: "failed", problem: `did not run (${String(code)})` };
}
