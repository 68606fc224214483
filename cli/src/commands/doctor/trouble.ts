import { rateLimitOf } from "datadog-org-connections-core/api/rate-limit.js";
import { problem, type Check, type CheckName } from "./check.js";
import type { Look } from "./probe.js";

/** The check that failed because no answer came, or Datadog is busy or failing; none where it answered. */
export function failing(check: CheckName, look: Look | undefined): Check | undefined {
  if (!look) return undefined;
  if (!look.answer) {
    return problem(
      check,
      "host-unreachable",
      `The connection broke (${look.cause}).`,
      "Check the network and run it again.",
    );
  }
  const { status, headers } = look.answer;
  if (status === 429) {
    const { resetSeconds } = rateLimitOf(headers);
    const when = resetSeconds === undefined ? "later" : `in ${resetSeconds} s`;
    return problem(
      check,
      "rate-limited",
      "The organization's rate limit is used up (429).",
      `Run it again ${when}.`,
    );
  }
  if (status >= 500 && status !== 501) {
    return problem(
      check,
      "datadog-fails",
      `Datadog fails (${status}).`,
      "Run it again; see Datadog's status page.",
    );
  }
  return undefined;
}
