import type { ArmedFault, Fault, FaultTarget, RequestDetails } from "./fault.js";

/** A fault that applies to a request. */
export interface MatchedFault {
  readonly fault: Fault;
  /** Aborted when the fault is released, which ends its waits. */
  readonly released: AbortSignal;
}

/** A fault, and how often it has matched and applied. */
class FaultEntry implements ArmedFault, MatchedFault {
  fired = 0;
  #matched = 0;
  readonly #release = new AbortController();
  readonly released = this.#release.signal;

  constructor(
    readonly fault: Fault,
    private readonly remove: (armed: FaultEntry) => void,
  ) {}

  disarm(): void {
    this.remove(this);
  }

  release(): void {
    this.#release.abort();
  }

  /** Counts a matching request. Returns whether the fault applies to it, or skips it. */
  countMatch(): boolean {
    if (this.#matched++ < (this.fault.skip ?? 0)) return false;
    this.fired++;
    if (this.fired >= (this.fault.times ?? 1)) this.disarm();
    return true;
  }
}

/** The armed faults, oldest first. */
export class FaultList {
  #armed: FaultEntry[] = [];

  /** Arms a fault. */
  add(fault: Fault): ArmedFault {
    const armed = new FaultEntry(fault, (removed) => {
      this.#armed = this.#armed.filter((other) => other !== removed);
    });
    if ((fault.times ?? 1) > 0) this.#armed.push(armed);
    return armed;
  }

  /** The count of armed faults. */
  get size(): number {
    return this.#armed.length;
  }

  /** Disarms all faults. */
  clear(): void {
    this.#armed = [];
  }

  /**
   * Returns the first fault that applies to this request, and counts the request for it and for those that skip the
   * request.
   */
  takeFirstMatch(request: RequestDetails): MatchedFault | undefined {
    return this.#armed.find((armed) => matchesTarget(armed.fault.on ?? {}, request) && armed.countMatch());
  }
}

function matchesTarget(target: FaultTarget, request: RequestDetails): boolean {
  return (
    // Faults do not apply to calls that the sandbox does not imitate. Those have no route.
    request.route !== undefined &&
    (target.route === undefined || target.route === request.route) &&
    (target.organization === undefined || target.organization === request.organization) &&
    (target.sinkOrgId === undefined || target.sinkOrgId.toLowerCase() === request.sinkOrgId) &&
    (target.connectionId === undefined || target.connectionId.toLowerCase() === request.connectionId)
  );
}
