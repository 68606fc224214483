/** Every way in which one request can go wrong. */
import type { Fault, FaultAction } from "../../provider/src/sandbox/index.js";

/** One kind of fault at one moment. */
export interface FaultKind {
  name: string;
  moment: Fault["moment"];
  what: FaultAction;
}

const LIMIT = { "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0" };

/** Kinds that say of themselves that nothing was done: they come before the work only. */
const refusals: readonly [string, FaultAction][] = [
  ["429 with a time", { kind: "status", status: 429, headers: { ...LIMIT, "X-RateLimit-Reset": "0.02" } }],
  ["429 without a time", { kind: "status", status: 429 }],
];

/** Kinds that say nothing about the work: it may be done or not. */
const uncertain: readonly [string, FaultAction][] = [
  ["connection reset", { kind: "reset" }],
  ["page with 502", { kind: "html", status: 502 }],
  ["503", { kind: "status", status: 503, headers: { "Retry-After": "0.01" } }],
  ["body cut off, response complete", { kind: "cut-off" }],
  ["body cut off, connection broken", { kind: "truncate" }],
  ["JSON of another shape", { kind: "json", body: { ok: true } }],
  ["wrong status", { kind: "wrong-status", status: 201 }],
  ["slower than the deadline", { kind: "delay", ms: 250 }],
  ["redirect", { kind: "redirect", location: "https://login.example.com/" }],
  ["empty", { kind: "status", status: 200, body: "" }],
  ["huge", { kind: "huge", bytes: 17 * 1024 * 1024 }],
];

export const kinds: readonly FaultKind[] = [
  ...refusals.map(([name, what]): FaultKind => ({ name, moment: "before", what })),
  ...uncertain.map(([name, what]): FaultKind => ({ name: `${name}, not done`, moment: "before", what })),
  ...uncertain.map(([name, what]): FaultKind => ({ name: `${name}, done`, moment: "after", what })),
];

/**
 * Why a kind is not put into a request of this method; undefined when it is. A cell that is left out without a reason of
 * this list fails `npm run faults`.
 */
export function reasonToSkip({ moment }: FaultKind, method: string): string | undefined {
  return method === "GET" && moment === "after"
    ? "a read changes nothing, so that before and after its work are the same"
    : undefined;
}
