import type { Answer } from "datadog-org-connections-core/api/http.js";
import { ok, problem, unknown, type Check } from "./check.js";
import type { Moment } from "./probe.js";

/** A clock that is off by more than this is a problem, in milliseconds. */
const MOST_MS = 60_000;

/** This machine's clock against the `Date` of an answer, which has whole seconds. */
export function clockCheck({ headers }: Answer, { sent, received }: Moment): Check {
  const date = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(date))
    return unknown("clock", "The answer names no time to compare this machine's clock with.");
  const off = (sent + received) / 2 - (date + 500);
  const seconds = Math.round(Math.abs(off) / 1000);
  if (Math.abs(off) <= MOST_MS + (received - sent))
    return ok("clock", `This machine's clock is right (to ${Math.max(1, seconds)} s).`);
  return problem(
    "clock",
    "clock",
    `This machine's clock is ${seconds} s ${off > 0 ? "ahead of" : "behind"} Datadog's.`,
    "Set it (NTP). Ages are wrong meanwhile, and certificates may count as expired or not yet valid.",
  );
}
