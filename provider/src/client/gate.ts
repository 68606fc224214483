import type { RateLimit } from "./rate-limit.js";

/** Waits that end within so many milliseconds are the same to a reader. */
const SAME_WAIT_MS = 1000;

/**
 * What all requests of one organization pass through, first come, first served: at most so many in flight, and no more
 * in a window of its rate limit than the answers say are left. One refusal closes the gate for all, so that not each
 * request finds out for itself.
 */
export class Gate {
  private readonly line: (() => void)[] = [];
  private inFlight = 0;
  private closedUntil = 0;
  /** Requests that may still start in this window; unknown until an answer tells. */
  private left: number | undefined;
  private windowEnds = 0;
  private limit: number | undefined;
  /** How long a window is, as far as answers have shown. */
  private periodMs = 0;
  private wakesAt = 0;
  private toldUntil = 0;

  constructor(
    private readonly capacity: number,
    private readonly clock: { now: () => number; sleep: (ms: number) => Promise<void> },
    private readonly onWait: (ms: number) => void = () => undefined,
  ) {}

  /** Runs `work` when there is room and the gate is open. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.line.push(enter);
      this.admit();
    });
    try {
      return await work();
    } finally {
      this.inFlight--;
      this.admit();
    }
  }

  /** Learns from an answer. */
  note(status: number, { limit, periodSeconds, remaining, resetSeconds }: RateLimit): void {
    if (limit !== undefined) this.limit = limit;
    this.periodMs = Math.max(this.periodMs, (periodSeconds ?? 0) * 1000, (resetSeconds ?? 0) * 1000);
    if (resetSeconds === undefined) return;
    if (status === 429) this.closeFor(resetSeconds * 1000);
    if (remaining === undefined) return;
    // The others in flight may be counted in `remaining` or not: rather wait than be refused.
    this.left = Math.max(0, remaining - (this.inFlight - 1));
    this.windowEnds = this.clock.now() + resetSeconds * 1000;
  }

  /** Lets nothing through for the next `ms` milliseconds. */
  closeFor(ms: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.clock.now() + ms);
  }

  /** For how many more milliseconds nothing gets through. */
  closedMs(): number {
    this.turnWindow();
    return Math.max(0, this.opensAt() - this.clock.now());
  }

  private admit(): void {
    while (this.line.length > 0 && this.inFlight < this.capacity) {
      const wait = this.closedMs();
      if (wait > 0) {
        this.wakeIn(wait);
        return;
      }
      if (this.left !== undefined) this.left--;
      this.inFlight++;
      this.line.shift()?.();
    }
  }

  /** A window that is over is followed by one of the limit, which lasts until an answer tells better. */
  private turnWindow(): void {
    if (this.left === undefined || this.clock.now() < this.windowEnds) return;
    this.left = this.limit;
    this.windowEnds = this.clock.now() + this.periodMs;
  }

  private opensAt(): number {
    return this.left !== undefined && this.left <= 0
      ? Math.max(this.closedUntil, this.windowEnds)
      : this.closedUntil;
  }

  private wakeIn(ms: number): void {
    const at = this.clock.now() + ms;
    if (this.wakesAt >= at) return;
    this.wakesAt = at;
    // Refusals of requests that were on their way together differ by milliseconds: one wait, told once.
    if (at > this.toldUntil + SAME_WAIT_MS) {
      this.toldUntil = at;
      this.onWait(ms);
    }
    void this.clock.sleep(ms).then(() => {
      if (this.wakesAt === at) this.wakesAt = 0;
      this.admit();
    });
  }
}
