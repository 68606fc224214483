import { InvalidArgumentError, Option, type Command } from "commander";

/** The parts of the process that a command uses. Tests run commands with another context. */
export interface CommandContext {
  /**
   * `columns` is the width of the terminal, undefined if standard output is not a terminal. `isColored` is whether this
   * terminal shows colors, and the user wants them (NO_COLOR).
   */
  stdout: { write(text: string): unknown; columns?: number | undefined; isColored?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory, against which relative paths are resolved. */
  cwd: string;
  /**
   * Aborted when SIGINT (Ctrl-C) or SIGTERM stops the command, with a `Stopped` as the reason. Also aborted, with another reason,
   * immediately before a fatal error ends the process.
   */
  signal: AbortSignal;
}

/** How the action of a command runs. */
interface ActionOptions {
  /**
   * Whether the action returns an exit code soon after the context's signal is aborted. Otherwise, the program does not wait for
   * the action after an abort.
   */
  handlesAbort?: boolean;
}

/**
 * Adds a command to the program, with its options and help. `wrapAction` makes the result of the action the exit code of the
 * process (exit-codes.ts). Every `command.ts` is loaded at startup. To make startup fast, an action imports most of its code only
 * when the action runs.
 */
export type DefineCommand = (
  program: Command,
  context: CommandContext,
  wrapAction: <A extends unknown[]>(
    action: (...args: A) => Promise<number>,
    options?: ActionOptions,
  ) => (...args: A) => Promise<void>,
) => void;

/** Defines an option that may be repeated. Its result is an array of all values. */
export function defineRepeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], "none");
}

/** Defines an option that may be passed only once. Without this check, Commander silently uses the last of several values. */
export const defineSingle = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: string | undefined) => {
    if (before !== undefined) throw new InvalidArgumentError("Pass this option only once.");
    return value;
  });

/** The error of invalid usage. The program prints the message and exits with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
