import type { CommandContext } from "./command.js";

/** How long, in milliseconds, a command runs before it shows progress. */
const DELAY_MS = 2000;

/** Shows on a terminal what a long command is doing. A log, a pipe and a file get no progress. */
export class Progress {
  private readonly startedAt = performance.now();
  private readonly stderr: CommandContext["stderr"];
  private shownLength = 0;
  private isFinished = false;

  constructor({ stderr, signal }: Pick<CommandContext, "stderr" | "signal">) {
    this.stderr = stderr;
    // A stopped command may not run to its end, where it would clear the line.
    signal.addEventListener("abort", () => this.clear(), { once: true });
  }

  /** Shows a progress line in place of the previous one, if the command has run for two seconds: `show("read 12 of 40 organizations")`. */
  show(what: string): void {
    if (this.isFinished || this.stderr.isTTY !== true || performance.now() - this.startedAt < DELAY_MS)
      return;
    this.stderr.write(`\r${what.padEnd(this.shownLength)}`);
    this.shownLength = what.length;
  }

  /** Removes the progress line. After that, no progress is shown. */
  clear(): void {
    this.isFinished = true;
    if (this.shownLength > 0) this.stderr.write(`\r${"".padEnd(this.shownLength)}\r`);
    this.shownLength = 0;
  }
}
