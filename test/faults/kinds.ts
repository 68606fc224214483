/** All kinds of faults of one request. */
import { routes, type RouteName } from "../../core/src/api/routes.js";
import type { Fault, FaultAction, LoggedRequest } from "../../sandbox/src/index.js";

/** One kind of fault at one moment. */
export interface FaultKind {
  name: string;
  moment: Fault["moment"];
  what: FaultAction;
  /** The operation may fail: nothing was done, and a retry does not help. */
  mayFail?: true;
  /** A second attempt meets the same fault. */
  lasts?: true;
  /** An access token was not accepted. Another one is. */
  refusesToken?: true;
  /** The engine is killed while the request is outstanding. */
  killsEngine?: true;
  /** Applies to reads only: a write returns no rows. */
  readsOnly?: true;
}

const LIMIT = { "X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0" };

/** The target of the redirect, which is not part of the API. */
export const ELSEWHERE = "/login";

/** Faults that imply that nothing was done. They only come before the request takes effect. */
const refusals: readonly [string, FaultAction][] = [
  ["429 with a time", { kind: "status", status: 429, headers: { ...LIMIT, "X-RateLimit-Reset": "0.02" } }],
  ["429 without a time", { kind: "status", status: 429 }],
];

/**
 * Faults that leave the outcome unknown. If the request did not take effect, a second attempt may succeed.
 */
const passing: readonly [string, FaultAction][] = [
  ["connection reset", { kind: "reset" }],
  ["page with 502", { kind: "html", status: 502 }],
  ["503", { kind: "status", status: 503, headers: { "Retry-After": "0.01" } }],
  ["body cut off, response complete", { kind: "cut-off" }],
  ["body cut off, connection broken", { kind: "truncate" }],
  ["slower than the deadline", { kind: "delay", ms: 250 }],
  ["empty", { kind: "status", status: 200, body: "" }],
];

/** The same, but a second attempt meets the same fault. */
const lasting: readonly [string, FaultAction][] = [
  ["JSON of another shape", { kind: "json", body: { ok: true } }],
  ["wrong status", { kind: "wrong-status", status: 201 }],
  // Leads to the sandbox itself, so that its log shows if the redirect is followed.
  ["redirect", { kind: "redirect", location: ELSEWHERE }],
  ["huge", { kind: "huge", bytes: 17 * 1024 * 1024 }],
];

export const kinds: readonly FaultKind[] = [
  ...refusals.map(([name, what]): FaultKind => ({ name, moment: "before", what })),
  ...passing.map(([name, what]): FaultKind => ({ name: `${name}, not done`, moment: "before", what })),
  ...lasting.map(([name, what]): FaultKind => ({
    name: `${name}, not done`,
    moment: "before",
    what,
    mayFail: true,
    lasts: true,
  })),
  ...passing.map(([name, what]): FaultKind => ({ name: `${name}, done`, moment: "after", what })),
  ...lasting.map(([name, what]): FaultKind => ({
    name: `${name}, done`,
    moment: "after",
    what,
    lasts: true,
  })),
  { name: "401", moment: "before", what: { kind: "status", status: 401 }, mayFail: true, refusesToken: true },
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
 * Returns why a kind of fault is skipped for this route, or undefined. A cell that is skipped without a
 * reason from this list fails `npm run faults`.
 */
export function getSkipReason({ moment, readsOnly }: FaultKind, route: RouteName): string | undefined {
  if (readsOnly && !isRead(route)) return "a write returns no rows, and neither does an exchange";
  return isRead(route) && moment === "after"
    ? "a read changes nothing, so a fault before or after it is the same"
    : undefined;
}

const isRead = (route: RouteName): boolean => routes[route].method === "GET";

/** Whether an operation may fail because of a fault of this request. */
export function canFail(
  { mayFail, lasts, refusesToken }: FaultKind,
  request: Pick<LoggedRequest, "route" | "credentials"> | undefined,
): boolean {
  // Unlike that of a write, the unknown outcome of an exchange cannot be read from the list of connections.
  if (request?.route === "exchangeToken") return mayFail === true || lasts === true;
  return mayFail === true && !(refusesToken && request?.credentials === "token");
}
