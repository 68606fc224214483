import { InvalidArgumentError, Option, type Command } from "commander";

/** The environment of a command. Tests pass their own and run the command in process. */
export interface CommandContext {
  /** `columns` is the width of the terminal. Undefined if standard output is not a terminal. */
  stdout: { write(text: string): unknown; columns?: number | undefined };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory, against which relative paths are resolved. */
  cwd: string;
  /**
   * Aborted when SIGINT (Ctrl-C) or SIGTERM stops the command. Its reason is then a `Stopped`. Also aborted, with another reason, just
   * before a fatal error ends the process.
   */
  signal: AbortSignal;
}

/** How the action of a command runs. */
interface ActionOptions {
  /**
   * When the context's signal is aborted, the action ends by itself with its own exit code. Without this option, the action is
   * abandoned.
   */
  handlesAbort?: boolean;
}

/**
 * Defines a command's name, options and help on the program. `wrapAction` makes the result of the command's action the exit code
 * of the process (exit-codes.ts). Every start loads the modules of all commands, so an action imports the rest of its code only
 * when it runs.
 */
export type DefineCommand = (
  program: Command,
  context: CommandContext,
  wrapAction: <A extends unknown[]>(
    action: (...args: A) => Promise<number>,
    options?: ActionOptions,
  ) => (...args: A) => Promise<void>,
) => void;

/** Defines an option that may be repeated. Its value is the list of all values. */
export function defineRepeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], "none");
}

/** Defines an option that may be given only once. By default, the last of several values would silently win. */
export const defineSingle = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: string | undefined) => {
    if (before !== undefined) throw new InvalidArgumentError("It may be given only once.");
    return value;
  });

/** The arguments are invalid. The message is printed, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
