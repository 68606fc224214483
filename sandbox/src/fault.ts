import * as v from "valibot";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import {
  anyObject,
  positiveNumber,
  count,
  createObjectSchema,
  parseInput,
  string,
  createVariantSchema,
} from "./input.js";
import { routeNames } from "./route-match.js";

/** The requests to which a fault applies. An omitted field matches all requests. */
export interface FaultTarget {
  /** The API call, such as `createConnection`. */
  route?: RouteName | undefined;
  /** The key of the calling organization. */
  organization?: string | undefined;
  /** The destination organization, from the body of a create, the filter of a list, or the connection in the path. */
  sinkOrgId?: string | undefined;
  /** The connection in the path. */
  connectionId?: string | undefined;
}

/**
 * What replaces the response, or changes it.
 *
 * - `status`: this `status`. A string body is sent unchanged, any other as JSON. Default: an error with the reason phrase.
 * - `reset`: the socket is reset. `hang`: nothing is sent until the client gives up, at most 120 s.
 * - `truncate`: half of the body, with the `Content-Length` of the complete body. Then the socket is closed.
 * - `cut-off`: half of the body, with the `Content-Length` of this half. The response is complete, its JSON is not.
 * - `wrong-status`: the response with another status.
 * - `html`: the page of a gateway (default 502). `redirect`: default 302. `json`: JSON of another shape (default 200).
 * - `huge`: JSON of `bytes` bytes, as fast as the client reads, until the client disconnects.
 * - `drip`: the response, at `bytesPerSecond`. `delay`: a wait of `ms` milliseconds, then the response.
 * - `short-page`: a list lacks its last `drop` rows, but its totals include them. Other responses do not change.
 */
export type FaultAction =
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string> | undefined }
  | { kind: "reset" }
  | { kind: "hang" }
  | { kind: "truncate" }
  | { kind: "cut-off" }
  | { kind: "wrong-status"; status: number }
  | { kind: "html"; status?: number | undefined }
  | { kind: "redirect"; location: string; status?: number | undefined }
  | { kind: "json"; body?: unknown; status?: number | undefined }
  | { kind: "huge"; bytes: number }
  | { kind: "drip"; bytesPerSecond: number }
  | { kind: "delay"; ms: number }
  | { kind: "short-page"; drop: number };

/**
 * An injected failure.
 *
 * @example
 * sandbox.fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
 */
export interface Fault {
  /**
   * The requests to which the fault applies.
   *
   * @default all requests
   */
  on?: FaultTarget | undefined;
  /**
   * How many matching requests to skip before the fault applies.
   *
   * @default 0
   */
  skip?: number | undefined;
  /**
   * How many requests the fault then applies to. `Infinity` for all.
   *
   * @default 1
   */
  times?: number | undefined;
  /** `before`: the request changes nothing. `after`: the request is processed, and only its response fails. */
  moment: "before" | "after";
  /** What happens to the response. */
  what: FaultAction;
}

/** A fault of a sandbox that applies to further requests until it is disarmed. */
export interface ArmedFault {
  /** How many requests the fault has applied to. */
  readonly fired: number;
  /** Removes the fault. It applies to no further requests. */
  disarm(): void;
  /** Ends the `delay` or `hang` of the requests that the fault has applied to. These requests continue immediately. */
  release(): void;
}

/** The fields of a request that faults and the log use. A field that does not apply is missing. */
export interface RequestDetails {
  route?: RouteName;
  organization?: string;
  sinkOrgId?: string;
  connectionId?: string;
}

const headers = v.pipe(anyObject, v.record(v.string(), string));
const status = v.pipe(
  v.number("must be a status from 200 to 599"),
  v.integer("must be a status from 200 to 599"),
  v.minValue(200, "must be a status from 200 to 599"),
  v.maxValue(599, "must be a status from 200 to 599"),
);
const body = v.optional(v.unknown());

const actions = [
  createVariantSchema({ kind: v.literal("status"), status, body, headers: v.optional(headers) }),
  createVariantSchema({ kind: v.literal("reset") }),
  createVariantSchema({ kind: v.literal("hang") }),
  createVariantSchema({ kind: v.literal("truncate") }),
  createVariantSchema({ kind: v.literal("cut-off") }),
  createVariantSchema({ kind: v.literal("wrong-status"), status }),
  createVariantSchema({ kind: v.literal("html"), status: v.optional(status) }),
  createVariantSchema({ kind: v.literal("redirect"), location: string, status: v.optional(status) }),
  createVariantSchema({ kind: v.literal("json"), body, status: v.optional(status) }),
  createVariantSchema({ kind: v.literal("huge"), bytes: count }),
  createVariantSchema({ kind: v.literal("drip"), bytesPerSecond: positiveNumber }),
  createVariantSchema({ kind: v.literal("delay"), ms: count }),
  createVariantSchema({ kind: v.literal("short-page"), drop: count }),
] as const;
const kinds = actions.map(({ entries }) => entries.kind.literal);

const TIMES_MESSAGE = 'must be a whole number, or Infinity (over HTTP the string "Infinity")';
const faultSchema = createObjectSchema({
  on: v.optional(
    createObjectSchema({
      route: v.optional(v.picklist(routeNames, `must be one of ${routeNames.join(", ")}`)),
      organization: v.optional(string),
      sinkOrgId: v.optional(string),
      connectionId: v.optional(string),
    }),
  ),
  skip: v.optional(count),
  // JSON has no Infinity, so a string represents it.
  times: v.optional(
    v.pipe(
      v.union([v.number(), v.literal("Infinity")], TIMES_MESSAGE),
      v.transform(Number),
      v.check((times) => times === Infinity || v.is(count, times), TIMES_MESSAGE),
    ),
  ),
  moment: v.picklist(["before", "after"], 'must be "before" or "after"'),
  what: v.pipe(anyObject, v.variant("kind", actions, `must be one of ${kinds.join(", ")}`)),
});

/**
 * Parses a fault, also from HTTP. Unknown fields and routes are errors: a fault with a misspelled field might never
 * apply, and then a test would pass without the fault.
 *
 * @throws `SandboxInputError`
 */
export function parseFault(input: unknown): Fault {
  return parseInput(faultSchema, input, "fault");
}

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
