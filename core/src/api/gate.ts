import type { RateLimit } from "./rate-limit.js";

/** Waits that end within so many milliseconds are the same to a reader. */
const SAME_WAIT_MS = 1000;
/** `X-RateLimit-Reset` has whole seconds: a window may end so much earlier than its responses say. */
const RESET_PRECISION_MS = 1000;
/** The longest delay of a Node timer; a longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Work that was refused without being started: the gate stays closed for longer than it may wait. */
export class GateClosedError extends Error {
  /** @param closedMs - how much longer the gate stays closed, in milliseconds */
  constructor(readonly closedMs: number) {
    super("the rate limit opens too late");
  }
}

interface Waiting {
  enter: () => void;
  refuse: (error: GateClosedError) => void;
  /** How long the work may still wait for the rate limit, in milliseconds. */
  mayWaitMs: () => number;
}

/**
 * What all requests of one organization pass through, first come, first served: at most so many in flight, and no more
 * in a window of its rate limit than the answers say are left. One refusal closes the gate for all, so that not each
 * request finds out for itself; work that may not wait that long is refused at once.
 */
export class Gate {
  private line: Waiting[] = [];
  private inFlight = 0;
  private closedUntil = 0;
  /**
   * Requests that may still start in this window: at least and at most, since a response may count the requests that are
   * in flight beside it or not. Unknown until a response reports them.
   */
  private left: { least: number; most: number } | undefined;
  private windowEnds = 0;
  /** Until then each response is certainly one of the same window. */
  private sameWindowUntil = 0;
  private limit: number | undefined;
  /** Since when each response has been a refusal (429). */
  private refusedSince: number | undefined;
  /** How long a window is, as far as answers have shown. */
  private periodMs = 0;
  private wakesAt = 0;
  private toldUntil = 0;

  constructor(
    private readonly capacity: number,
    private readonly clock: { now: () => number; sleep: (ms: number) => Promise<void> },
    private readonly onWait: (ms: number) => void = () => undefined,
  ) {}

  /**
   * Runs `work` when there is room and the gate is open.
   *
   * @param mayWaitMs - how long the work may still wait for a closed gate; waiting behind others has no limit
   * @throws {@link GateClosedError} when the gate stays closed for longer
   */
  async pass<T>(work: () => Promise<T>, mayWaitMs: () => number = () => Infinity): Promise<T> {
    await new Promise<void>((enter, refuse) => {
      this.line.push({ enter, refuse, mayWaitMs });
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
    this.refusedSince = status === 429 ? (this.refusedSince ?? this.clock.now()) : undefined;
    this.periodMs = Math.max(this.periodMs, (periodSeconds ?? 0) * 1000, (resetSeconds ?? 0) * 1000);
    if (resetSeconds === undefined) return;
    if (status === 429) this.closeFor(resetSeconds * 1000);
    if (remaining !== undefined) this.noteRemaining(remaining, this.clock.now() + resetSeconds * 1000);
  }

  /** Lets nothing through for the next `ms` milliseconds. */
  closeFor(ms: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.clock.now() + ms);
  }

  /** For how many milliseconds each response has been a refusal: waiting in line for longer than a budget leads nowhere. */
  refusedMs(): number {
    return this.refusedSince === undefined ? 0 : this.clock.now() - this.refusedSince;
  }

  private noteRemaining(remaining: number, windowEnds: number): void {
    this.turnWindow();
    // Responses can overtake one another: within one window the lowest number is the latest.
    const isSameWindow = this.left !== undefined && this.clock.now() < this.sameWindowUntil;
    const most = isSameWindow ? Math.min(remaining, this.left?.most ?? remaining) : remaining;
    this.left = { least: Math.max(0, most - (this.inFlight - 1)), most };
    this.windowEnds = windowEnds;
    if (!isSameWindow) this.sameWindowUntil = windowEnds - RESET_PRECISION_MS;
  }

  private admit(): void {
    while (this.line.length > 0 && this.inFlight < this.capacity) {
      const wait = this.closedMs();
      if (wait > 0) {
        this.refuseAfter(wait);
        if (this.line.length > 0) this.wakeIn(wait);
        return;
      }
      if (this.left) {
        // The requests in flight may be counted already: their responses decide. Without any, one request finds out.
        if (this.left.least <= 0 && this.inFlight > 0) return;
        this.left = { least: Math.max(0, this.left.least - 1), most: this.left.most - 1 };
      }
      this.inFlight++;
      this.line.shift()?.enter();
    }
  }

  /** For how many more milliseconds nothing gets through. */
  private closedMs(): number {
    this.turnWindow();
    const isUsedUp = this.left !== undefined && this.left.most <= 0;
    const opensAt = isUsedUp ? Math.max(this.closedUntil, this.windowEnds) : this.closedUntil;
    return Math.max(0, opensAt - this.clock.now());
  }

  /** A window that is over is followed by one of the limit, which lasts until an answer tells better. */
  private turnWindow(): void {
    if (this.left === undefined || this.clock.now() < this.windowEnds) return;
    this.left = this.limit === undefined ? undefined : { least: this.limit, most: this.limit };
    this.windowEnds = this.clock.now() + this.periodMs;
  }

  /** Refuses all that may not wait so long: each would only find out later, one after the other. */
  private refuseAfter(wait: number): void {
    const refused = this.line.filter(({ mayWaitMs }) => mayWaitMs() <= wait);
    this.line = this.line.filter((one) => !refused.includes(one));
    for (const { refuse } of refused) refuse(new GateClosedError(wait));
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
    void this.clock.sleep(Math.min(ms, LONGEST_TIMER_MS)).then(() => {
      if (this.wakesAt === at) this.wakesAt = 0;
      this.admit();
    });
  }
}
