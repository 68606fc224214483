import * as v from "valibot";
import { routes, type RouteName } from "datadog-org-connections-core/api/routes.js";
import type { Fault, FaultAction } from "./fault.js";
import { fields, parseInput } from "./input.js";

const string = v.string("must be a string");
const strings = v.record(v.string(), string, "must be an object of strings");
const count = v.custom<number>(isCount, "must be a whole number");
const status = v.custom<number>(
  (value) => isCount(value) && value >= 200 && value <= 599,
  "must be a status from 200 to 599",
);
const aboveZero = v.custom<number>(
  (value) => typeof value === "number" && value > 0 && value < Infinity,
  "must be a number above 0",
);
const route = v.custom<RouteName>(
  (value) => typeof value === "string" && Object.hasOwn(routes, value),
  `must be one of ${Object.keys(routes).join(", ")}`,
);

const actions = {
  status: fields({
    kind: v.literal("status"),
    status,
    body: v.optional(v.unknown()),
    headers: v.optional(strings),
  }),
  reset: fields({ kind: v.literal("reset") }),
  hang: fields({ kind: v.literal("hang") }),
  truncate: fields({ kind: v.literal("truncate") }),
  "cut-off": fields({ kind: v.literal("cut-off") }),
  "wrong-status": fields({ kind: v.literal("wrong-status"), status }),
  html: fields({ kind: v.literal("html"), status: v.optional(status) }),
  redirect: fields({ kind: v.literal("redirect"), location: string, status: v.optional(status) }),
  json: fields({ kind: v.literal("json"), body: v.unknown(), status: v.optional(status) }),
  huge: fields({ kind: v.literal("huge"), bytes: count }),
  drip: fields({ kind: v.literal("drip"), bytesPerSecond: aboveZero }),
  delay: fields({ kind: v.literal("delay"), ms: count }),
  "short-page": fields({ kind: v.literal("short-page"), drop: count }),
} satisfies Record<FaultAction["kind"], unknown>;
const action = v.variant(
  "kind",
  [
    actions.status,
    actions.reset,
    actions.hang,
    actions.truncate,
    actions["cut-off"],
    actions["wrong-status"],
    actions.html,
    actions.redirect,
    actions.json,
    actions.huge,
    actions.drip,
    actions.delay,
    actions["short-page"],
  ],
  `must be one of ${Object.keys(actions).join(", ")}`,
);

/** A fault as a caller describes it. JSON has no Infinity, so its name stands for it. */
const fault = fields({
  on: v.optional(
    fields({
      route: v.optional(route),
      organization: v.optional(string),
      sinkOrgId: v.optional(string),
      connectionId: v.optional(string),
    }),
  ),
  skip: v.optional(count),
  times: v.optional(
    v.pipe(
      v.union(
        [v.literal("Infinity"), v.literal(Infinity), count],
        'must be a whole number, or Infinity (over HTTP the string "Infinity")',
      ),
      v.transform(Number),
    ),
  ),
  moment: v.picklist(["before", "after"], 'must be "before" or "after"'),
  what: action,
});

/**
 * Parses a fault from any caller, over HTTP too. A fault with a misspelled field would never fire, and a test would pass
 * without it, so unknown fields and routes are errors.
 *
 * @throws `SandboxInputError`
 */
export const parseFault = (input: unknown): Fault => parseInput(fault, input, "fault");

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
