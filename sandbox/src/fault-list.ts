import type { ArmedFault, Fault, FaultTarget, RequestSubject } from "./fault.js";

/** A fault that meets a request. */
export interface MetFault {
  readonly fault: Fault;
  /** Ends its waits. */
  readonly released: AbortSignal;
}

class Armed implements ArmedFault, MetFault {
  fired = 0;
  #seen = 0;
  readonly #release = new AbortController();
  readonly released = this.#release.signal;

  constructor(
    readonly fault: Fault,
    private readonly remove: (armed: Armed) => void,
  ) {}

  disarm(): void {
    this.remove(this);
  }

  release(): void {
    this.#release.abort();
  }

  /** Whether it meets this matching request, which it counts either way. */
  meets(): boolean {
    if (this.#seen++ < (this.fault.skip ?? 0)) return false;
    this.fired++;
    if (this.fired >= (this.fault.times ?? 1)) this.disarm();
    return true;
  }
}

/** The armed faults, oldest first. */
export class FaultList {
  #armed: Armed[] = [];

  /** Arms one more. */
  arm(fault: Fault): ArmedFault {
    const armed = new Armed(fault, (gone) => {
      this.#armed = this.#armed.filter((other) => other !== gone);
    });
    if ((fault.times ?? 1) > 0) this.#armed.push(armed);
    return armed;
  }

  /** How many are armed still. */
  get size(): number {
    return this.#armed.length;
  }

  /** Disarms all. */
  clear(): void {
    this.#armed = [];
  }

  /** The first fault that meets this request. A fault that lets it pass leaves it to the next. */
  take(subject: RequestSubject): MetFault | undefined {
    return this.#armed.find((armed) => matches(armed.fault.on ?? {}, subject) && armed.meets());
  }
}

function matches(target: FaultTarget, subject: RequestSubject): boolean {
  return (
    // Only requests of the imitated API: a path that is answered 501 has no route.
    subject.route !== undefined &&
    (target.route === undefined || target.route === subject.route) &&
    (target.organization === undefined || target.organization === subject.organization) &&
    (target.sinkOrgId === undefined || target.sinkOrgId.toLowerCase() === subject.sinkOrgId) &&
    (target.connectionId === undefined || target.connectionId.toLowerCase() === subject.connectionId)
  );
}
