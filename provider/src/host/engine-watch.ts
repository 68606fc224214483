import { isEngineAlive } from "./engine-alive.js";

/** How often the engine is looked for, in milliseconds. */
const INTERVAL_MS = 5000;
/** So many looks in a row must fail: one may, when the engine is busy. */
const MISSES = 2;

/** What tests put in place of the process. */
interface Options {
  exit?: () => void;
  intervalMs?: number;
  isAlive?: typeof isEngineAlive;
}

/**
 * Ends a provider process whose engine is gone. A killed engine ends no provider: the process would live on, with every
 * organization's keys in its memory. A write that is in flight is let finish, so that no request is cut off in the middle;
 * a read changes nothing and may be cut off.
 */
export class EngineWatch {
  private isStarted = false;
  private misses = 0;
  private isGone = false;
  private writesInFlight = 0;
  /** The longest that one request of a write may take, in milliseconds. */
  private requestMs = 0;
  private readonly exit: () => void;
  private readonly intervalMs: number;
  private readonly isAlive: typeof isEngineAlive;

  constructor({ exit, intervalMs, isAlive }: Options = {}) {
    this.exit = exit ?? (() => process.exit(1));
    this.intervalMs = intervalMs ?? INTERVAL_MS;
    this.isAlive = isAlive ?? isEngineAlive;
  }

  /** Begins to look; more than once has no further effect. It keeps no process alive. */
  start(address: string | undefined = process.argv[2]): void {
    if (!this.isStarted) this.lookLater(address);
    this.isStarted = true;
  }

  /**
   * Passes a write's promise on, and counts it as in flight until it settles.
   *
   * @param requestMs - the longest that one of its requests may take; no further one is sent once the engine is gone
   */
  async track<T>(write: Promise<T>, requestMs: number): Promise<T> {
    this.writesInFlight++;
    this.requestMs = Math.max(this.requestMs, requestMs);
    try {
      return await write;
    } finally {
      this.writesInFlight--;
      if (this.isGone && this.writesInFlight === 0) this.exit();
    }
  }

  private lookLater(address: string | undefined): void {
    setTimeout(() => void this.look(address), this.intervalMs).unref();
  }

  private async look(address: string | undefined): Promise<void> {
    const isAlive = await this.isAlive(address);
    if (isAlive === undefined) return;
    this.misses = isAlive ? 0 : this.misses + 1;
    if (this.misses < MISSES) {
      this.lookLater(address);
      return;
    }
    this.isGone = true;
    if (this.writesInFlight === 0) this.exit();
    else setTimeout(this.exit, this.requestMs).unref();
  }
}
