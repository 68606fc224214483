/**
 * What all requests of one organization pass through: at most so many in flight, and none while its rate limit is
 * closed. One refusal closes the gate for all, so that not each request finds out for itself.
 */
export class Gate {
  private inFlight = 0;
  private readonly waiting: (() => void)[] = [];
  private closedUntil = 0;

  constructor(
    private readonly capacity: number,
    private readonly clock: { now: () => number; sleep: (ms: number) => Promise<void> },
  ) {}

  /** Lets nothing through for the next `ms` milliseconds. */
  closeFor(ms: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.clock.now() + ms);
  }

  /** Runs `work` when there is room and the gate is open. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inFlight >= this.capacity) await new Promise<void>((enter) => this.waiting.push(enter));
    else this.inFlight++;
    try {
      for (let ms = this.closedMs(); ms > 0; ms = this.closedMs()) await this.clock.sleep(ms);
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.inFlight--;
    }
  }

  private closedMs(): number {
    return this.closedUntil - this.clock.now();
  }
}
