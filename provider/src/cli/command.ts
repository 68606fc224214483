/** What a command has to do with the outside: tests pass their own and run it in process. */
export interface CommandContext {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user asks to stop (Ctrl-C). */
  signal: AbortSignal;
}

/** A command takes its arguments and returns an exit code: 0 done, 1 failed, 2 called wrongly. */
export type RunCommand = (args: string[], context: CommandContext) => Promise<number>;

/** A command as the table of commands lists it. */
export interface Command {
  summary: string;
  /** Loads the code only when it is called. */
  load(): Promise<RunCommand>;
}

/** The arguments make no sense: the message and the usage are printed, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
