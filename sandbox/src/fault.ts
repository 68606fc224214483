import * as v from "valibot";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { anyObject, aboveZero, count, objectOf, parseInput, string, variantOf } from "./input.js";
import { routeNames } from "./route-match.js";

/** Which requests a fault is for; what is left out matches all. */
export interface FaultTarget {
  route?: RouteName | undefined;
  /** The key of the calling organization. */
  organization?: string | undefined;
  /** The sink in the body of a create, in the filter of a list, or of the connection in the path. */
  sinkOrgId?: string | undefined;
  connectionId?: string | undefined;
}

/**
 * What happens instead of the answer, or to it.
 *
 * - `status`: that status; a text body goes out as it is, any other as JSON, none as the status's own text.
 * - `reset`: the socket is reset. `hang`: nothing is sent until the client gives up, at most 120 s.
 * - `truncate`: half of the answer under a full `Content-Length`, then the socket is closed.
 * - `cut-off`: half of the answer as if it were all of it: the response is complete, and its JSON is not.
 * - `wrong-status`: the answer under another status.
 * - `html`: a gateway's page (default 502). `redirect`: default 302. `json`: JSON of another shape (default 200).
 * - `huge`: JSON of that many bytes, no faster than the client reads, until it goes away.
 * - `drip`: the answer, slowly. `delay`: a wait, then the answer.
 * - `short-page`: a list lacks its last `drop` rows, its totals count them; other answers stay as they are.
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

/** A failure on purpose. */
export interface Fault {
  on?: FaultTarget | undefined;
  /** How many matching requests pass first. Default 0. */
  skip?: number | undefined;
  /** How many requests it then meets. Default 1; `Infinity` for all. */
  times?: number | undefined;
  /** `before`: the request changes nothing. `after`: it has done its work, and only the answer suffers. */
  moment: "before" | "after";
  what: FaultAction;
}

/** A fault that was armed. */
export interface ArmedFault {
  /** How many requests it has met. */
  readonly fired: number;
  /** It meets no more. */
  disarm(): void;
  /** Ends its `delay` and its `hang` of the requests that it has met: they go on now. */
  release(): void;
}

/** What faults and the log read of a request. What it does not have is missing, as it is in a line of the log. */
export interface RequestSubject {
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
  variantOf({ kind: v.literal("status"), status, body, headers: v.optional(headers) }),
  variantOf({ kind: v.literal("reset") }),
  variantOf({ kind: v.literal("hang") }),
  variantOf({ kind: v.literal("truncate") }),
  variantOf({ kind: v.literal("cut-off") }),
  variantOf({ kind: v.literal("wrong-status"), status }),
  variantOf({ kind: v.literal("html"), status: v.optional(status) }),
  variantOf({ kind: v.literal("redirect"), location: string, status: v.optional(status) }),
  variantOf({ kind: v.literal("json"), body, status: v.optional(status) }),
  variantOf({ kind: v.literal("huge"), bytes: count }),
  variantOf({ kind: v.literal("drip"), bytesPerSecond: aboveZero }),
  variantOf({ kind: v.literal("delay"), ms: count }),
  variantOf({ kind: v.literal("short-page"), drop: count }),
] as const;
const kinds = actions.map(({ entries }) => entries.kind.literal);

const TIMES = 'must be a whole number, or Infinity (over HTTP the string "Infinity")';
const fault = objectOf({
  on: v.optional(
    objectOf({
      route: v.optional(v.picklist(routeNames, `must be one of ${routeNames.join(", ")}`)),
      organization: v.optional(string),
      sinkOrgId: v.optional(string),
      connectionId: v.optional(string),
    }),
  ),
  skip: v.optional(count),
  // JSON has no Infinity, so its name stands for it.
  times: v.optional(
    v.pipe(
      v.union([v.number(), v.literal("Infinity")], TIMES),
      v.transform(Number),
      v.check((times) => times === Infinity || v.is(count, times), TIMES),
    ),
  ),
  moment: v.picklist(["before", "after"], 'must be "before" or "after"'),
  what: v.pipe(anyObject, v.variant("kind", actions, `must be one of ${kinds.join(", ")}`)),
});

/**
 * Parses a fault from any caller, over HTTP too. A fault with a misspelled field would never fire, and a test would pass
 * without it, so unknown fields and routes are errors.
 *
 * @throws `SandboxInputError`
 */
export function parseFault(input: unknown): Fault {
  return parseInput(fault, input, "fault");
}
