import { findEngineAddress, isEngineAlive } from "./require-engine.js";

/** The time between two probes of the engine, in milliseconds. */
const INTERVAL_MS = 5000;
/** The engine is gone after this count of consecutive failed probes. A single one may fail if the engine is busy. */
const MAX_MISSES = 2;

/** Replacements for tests. */
interface Options {
  exit?: () => void;
  intervalMs?: number;
  isAlive?: typeof isEngineAlive;
}

/**
 * Exits a provider process after its engine is gone. Killing an engine does not stop its provider: the process would keep
 * running with the credentials of every organization in memory. An outstanding write has the timeout of one request to finish, so
 * that its request is not interrupted; a read changes nothing and may be interrupted.
 */
export class EngineWatch {
  private isStarted = false;
  private consecutiveMisses = 0;
  private isStopping = false;
  private outstandingWrites = 0;
  /** The longest timeout of one request of a write, in milliseconds. */
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
   * Returns the promise of a write, and counts the write as outstanding until it settles.
   *
   * @param requestMs - the timeout of one of its requests; no further request is sent after the engine is gone
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
   * Exits as soon as no write is outstanding. The outstanding ones have one timeout of a request to finish, because no further
   * request is sent after the engine is gone or has requested the end of the process.
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
