import type { CommandContext } from "./command.js";

/** Nothing is said of what takes less, in milliseconds. */
const SILENT_MS = 2000;

/** Tells on a terminal what a long command is doing; a log, a pipe and a file get none of it. */
export class Progress {
  private readonly begun = performance.now();
  private readonly stderr: CommandContext["stderr"];
  private shown = 0;
  private ended = false;

  constructor({ stderr, signal }: Pick<CommandContext, "stderr" | "signal">) {
    this.stderr = stderr;
    // A command that is stopped does not come to its own end.
    signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** `at("12 of 40 organizations")`: shown in place of what was shown before, once the command has taken two seconds. */
  at(what: string): void {
    if (this.ended || this.stderr.isTTY !== true || performance.now() - this.begun < SILENT_MS) return;
    this.stderr.write(`\r${what.padEnd(this.shown)}`);
    this.shown = what.length;
  }

  /** Takes the line away again. */
  end(): void {
    this.ended = true;
    if (this.shown > 0) this.stderr.write(`\r${"".padEnd(this.shown)}\r`);
    this.shown = 0;
  }
}
