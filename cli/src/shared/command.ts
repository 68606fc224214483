import { Option, type Command } from "commander";

/** What a command has to do with the outside: tests pass their own and run it in process. */
export interface CommandContext {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  stdin: AsyncIterable<Uint8Array | string> & { isTTY?: boolean };
  env: Readonly<Record<string, string | undefined>>;
  /** The working folder: paths of arguments start here. */
  cwd: string;
  /** Aborted when the user asks to stop (Ctrl-C), with a `Stopped` as its reason. */
  signal: AbortSignal;
}

/** How a command behaves as a whole. */
interface ActionOptions {
  /**
   * The action ends by itself, with an exit code of its own, when the context's signal is aborted. All others are
   * abandoned then.
   */
  stopsItself?: boolean;
}

/**
 * A command defines its name, options and help on the program, and wraps its action: the wrapper carries the exit code
 * (exit-codes.ts) out. Its module is loaded whenever the program starts, so it imports what it does when it is called.
 */
export type DefineCommand = (
  program: Command,
  context: CommandContext,
  action: <A extends unknown[]>(
    run: (...args: A) => Promise<number>,
    options?: ActionOptions,
  ) => (...args: A) => Promise<void>,
) => void;

/** An option that may be given several times; its value is the list of all. */
export function defineRepeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], "none");
}

/** The arguments make no sense: the message and a hint at `--help` are printed, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
