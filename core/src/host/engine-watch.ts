import { findEngineAddress, isEngineAlive } from "./require-engine.js";

/** The time between two probes of the engine, in milliseconds. */
const INTERVAL_MS = 5000;
/** The engine counts as gone after this many consecutive failed probes. A single probe may fail because the engine is busy. */
const MAX_MISSES = 2;

/** Replacements for tests. */
interface Options {
  exit?: () => void;
  intervalMs?: number;
  isAlive?: typeof isEngineAlive;
}

/**
 * Exits a provider process after its engine is gone. Without this exit, the process of a killed engine would continue to run with
 * the credentials of every organization in memory. The exit waits for outstanding writes, so that their requests are not
 * interrupted. It waits at most for the timeout of one request. A read changes nothing, so it may be interrupted.
 */
export class EngineWatch {
  private isStarted = false;
  private consecutiveMisses = 0;
  private isStopping = false;
  private outstandingWrites = 0;
  /** The longest timeout of one request among all writes so far, in milliseconds. */
  private longestRequestMs = 0;
  private readonly exit: () => void;
  private readonly intervalMs: number;
  private readonly isAlive: typeof isEngineAlive;

  constructor({ exit, intervalMs, isAlive }: Options = {}) {
    this.exit = exit ?? (() => process.exit(1));
    this.intervalMs = intervalMs ?? INTERVAL_MS;
    this.isAlive = isAlive ?? isEngineAlive;
  }

  /**
   * Starts the probes. Further calls have no effect. The probes do not keep the process alive.
   *
   * @param address - the address of the engine, as for `isEngineAlive`
   */
  start(address = findEngineAddress()): void {
    if (!this.isStarted) this.scheduleProbe(address);
    this.isStarted = true;
  }

  /**
   * Returns the result of a write, and counts the write as outstanding until it ends.
   *
   * @param requestMs - the timeout of one request of the write, in milliseconds
   */
  async trackWrite<T>(write: Promise<T>, requestMs: number): Promise<T> {
    this.outstandingWrites++;
    this.longestRequestMs = Math.max(this.longestRequestMs, requestMs);
    try {
      return await write;
    } finally {
      this.outstandingWrites--;
      if (this.isStopping && this.outstandingWrites === 0) this.exit();
    }
  }

  private scheduleProbe(address: string | undefined): void {
    setTimeout(() => void this.probe(address), this.intervalMs).unref();
  }

  /**
   * Exits when no write is outstanding, at the latest after the longest timeout of one request. Must be called only after the
   * engine is gone or has requested the end of the process. `beforeWrite` then refuses any further request of a write
   * (`create-context.ts`), so no write needs more time.
   */
  stopAfterWrites(): void {
    this.isStopping = true;
    if (this.outstandingWrites === 0) this.exit();
    else setTimeout(this.exit, this.longestRequestMs).unref();
  }

  private async probe(address: string | undefined): Promise<void> {
    const isAlive = await this.isAlive(address);
    // Without an address, there is nothing to probe.
    if (isAlive === undefined) return;
    this.consecutiveMisses = isAlive ? 0 : this.consecutiveMisses + 1;
    if (this.consecutiveMisses < MAX_MISSES) {
      this.scheduleProbe(address);
      return;
    }
    this.stopAfterWrites();
  }
}
