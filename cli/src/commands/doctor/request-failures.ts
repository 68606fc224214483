import { parseRequestedDelay } from "datadog-org-connections-core/api/rate-limit.js";
import { createProblem, type Check, type CheckName } from "./check.js";
import type { ProbeResult } from "./probe.js";

/**
 * Describes a response that is too large.
 *
 * @param origin - where it comes from, such as ` from https://api.datadoghq.com`, if the check does not name it
 */
export const describeLargeResponse = (origin = ""): string =>
  `The response${origin} is too large, so it was not read. It is probably not from Datadog.`;

/**
 * Finds a failure of the request itself, which shows nothing about what the request checks: no response, one that is too
 * large, a rate limit, or a server error. Returns `undefined` for other results.
 */
export function findRequestFailure(check: CheckName, result: ProbeResult | undefined): Check | undefined {
  if (!result) return undefined;
  if (!result.response) {
    if (result.isTooLarge) {
      return createProblem(check, "not-datadog", describeLargeResponse(), "Check the site and the proxy.");
    }
    return createProblem(
      check,
      "host-unreachable",
      `There was no response (${result.cause}).`,
      "Check the network and run `doctor` again.",
    );
  }
  const { status, headers } = result.response;
  if (status === 429) {
    const resetSeconds = parseRequestedDelay(status, headers);
    const when = resetSeconds === undefined ? "later" : `in ${resetSeconds} s`;
    return createProblem(
      check,
      "rate-limited",
      "The organization's rate limit is used up (429).",
      `Run \`doctor\` again ${when}.`,
    );
  }
  // 501 is not such a failure: it shows that the server does not support the request.
  if (status >= 500 && status !== 501) {
    return createProblem(
      check,
      "datadog-fails",
      `Datadog returned an error (${status}).`,
      "Run `doctor` again. See Datadog's status page.",
    );
  }
  return undefined;
}
