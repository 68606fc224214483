import { setTimeout as delay } from "node:timers/promises";

/**
 * The registrations of resources. The engine does not say how many resources a program has, and it may update a set before it has
 * registered a resource that declares one of the set's undeclared connections. With a preview, check has refused the two resources.
 * Without one, the set waits until the program registers no more.
 */
export class Registrations {
  private outstanding = 0;
  private lastEndedAt = -Infinity;

  /** @param quietMs - how long no further resource must be registered, in milliseconds */
  constructor(private readonly quietMs: number) {}

  /** Runs the check or the diff of a resource. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.outstanding++;
    try {
      return await work();
    } finally {
      this.outstanding--;
      this.lastEndedAt = performance.now();
    }
  }

  /** Waits until no further resource has been registered for some time. */
  async waitForQuiet(): Promise<void> {
    for (;;) {
      const quietMs = this.outstanding > 0 ? 0 : performance.now() - this.lastEndedAt;
      if (quietMs >= this.quietMs) return;
      await delay(this.quietMs - quietMs);
    }
  }
}
