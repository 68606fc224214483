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
    // A stopped command may never call `clear` itself.
    signal.addEventListener("abort", () => this.clear(), { once: true });
  }

  /** Replaces the progress line, for example with `read 12 of 40 organizations`. Shows nothing during the first two seconds. */
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
