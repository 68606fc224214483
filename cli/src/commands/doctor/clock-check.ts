import type { ApiResponse } from "datadog-org-connections-core/api/http.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import type { ProbeTiming } from "./probe.js";

/** The clock offset that is tolerated in addition to the duration of the request, in milliseconds. */
const MAX_OFFSET_MS = 60_000;

/** Compares this machine's clock with the `Date` of a response. */
export function checkClock({ headers }: ApiResponse, { sent, received }: ProbeTiming): Check {
  const date = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(date))
    return createUnknown(
      "clock",
      "The response has no `Date` header, so this machine's clock was not checked.",
    );
  // The server sets `Date` between `sent` and `received`. The value is rounded down to a whole second, so the server's time was 0 to
  // 999 ms later than `Date`: 500 ms on average.
  const offsetMs = (sent + received) / 2 - (date + 500);
  const seconds = Math.abs(offsetMs) / 1000;
  if (Math.abs(offsetMs) <= MAX_OFFSET_MS + (received - sent))
    return createOk(
      "clock",
      `This machine's clock is correct to within ${Math.max(1, Math.ceil(seconds))} s.`,
    );
  return createProblem(
    "clock",
    "clock",
    `This machine's clock is ${Math.round(seconds)} s ${offsetMs > 0 ? "ahead of" : "behind"} Datadog's.`,
    "Set the clock (NTP). Until then, `inventory` reports wrong ages, and certificates may appear expired or not yet valid.",
  );
}
