/** Every way in which one request can go wrong. */
import type { Fault, FaultAction } from "../../sandbox/src/index.js";

/** One kind of fault at one moment. */
export interface FaultKind {
  name: string;
  moment: Fault["moment"];
  what: FaultAction;
  /** The operation may end with an error: nothing was done, and sending the request again is no help. */
  mayFail?: true;
  /** The engine is killed while the request is under way. */
  killsEngine?: true;
  /** Only what reads is met: a write has no rows. */
  readsOnly?: true;
}

const LIMIT = { "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0" };

/** Where the redirect leads: nothing that the API has. */
export const ELSEWHERE = "/login";

/** Kinds that say of themselves that nothing was done: they come before the work only. */
const refusals: readonly [string, FaultAction][] = [
  ["429 with a time", { kind: "status", status: 429, headers: { ...LIMIT, "X-RateLimit-Reset": "0.02" } }],
  ["429 without a time", { kind: "status", status: 429 }],
];

/** Kinds that say nothing about the work: it may be done or not. Where it was not, a second try may go through. */
const passing: readonly [string, FaultAction][] = [
  ["connection reset", { kind: "reset" }],
  ["page with 502", { kind: "html", status: 502 }],
  ["503", { kind: "status", status: 503, headers: { "Retry-After": "0.01" } }],
  ["body cut off, response complete", { kind: "cut-off" }],
  ["body cut off, connection broken", { kind: "truncate" }],
  ["slower than the deadline", { kind: "delay", ms: 250 }],
  ["empty", { kind: "status", status: 200, body: "" }],
];

/** The same, where a second try would meet the same. */
const lasting: readonly [string, FaultAction][] = [
  ["JSON of another shape", { kind: "json", body: { ok: true } }],
  ["wrong status", { kind: "wrong-status", status: 201 }],
  // To the sandbox itself, so that its log shows when it is followed.
  ["redirect", { kind: "redirect", location: ELSEWHERE }],
  ["huge", { kind: "huge", bytes: 17 * 1024 * 1024 }],
];

const uncertain = [...passing, ...lasting];

export const kinds: readonly FaultKind[] = [
  ...refusals.map(([name, what]): FaultKind => ({ name, moment: "before", what })),
  ...passing.map(([name, what]): FaultKind => ({ name: `${name}, not done`, moment: "before", what })),
  ...lasting.map(([name, what]): FaultKind => ({
    name: `${name}, not done`,
    moment: "before",
    what,
    mayFail: true,
  })),
  ...uncertain.map(([name, what]): FaultKind => ({ name: `${name}, done`, moment: "after", what })),
  {
    name: "list without its rows",
    moment: "before",
    what: { kind: "short-page", drop: 1_000 },
    readsOnly: true,
  },
  {
    name: "engine killed",
    moment: "before",
    // Long enough for the kill to come before the response.
    what: { kind: "delay", ms: 20 },
    killsEngine: true,
    mayFail: true,
  },
];

/**
 * Why a kind is not put into a request of this method; undefined when it is. A cell that is left out without a reason of
 * this list fails `npm run faults`.
 */
export function reasonToSkip({ moment, readsOnly }: FaultKind, method: string): string | undefined {
  if (readsOnly && method !== "GET") return "a write is not answered with rows";
  return method === "GET" && moment === "after"
    ? "a read changes nothing, so that before and after its work are the same"
    : undefined;
}
