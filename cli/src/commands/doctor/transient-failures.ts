import { parseRequestedDelay } from "datadog-org-connections-core/api/rate-limit.js";
import { createProblem, type Check, type CheckName } from "./check.js";
import type { ProbeResult } from "./probe.js";

/**
 * Describes a response that is too large.
 *
 * @param origin - where it comes from, such as ` from https://api.datadoghq.com`, if the check does not name it
 */
export const describeLargeResponse = (origin = ""): string =>
  `The response${origin} is too large and was not read, so it is probably not from Datadog.`;

/**
 * Finds a failure that says nothing about what is checked, although not each one passes by itself: no response, one that is too large,
 * a rate limit, or a server error. Returns `undefined` for other results.
 */
export function findTransientFailure(check: CheckName, result: ProbeResult | undefined): Check | undefined {
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
  // 501 is not one of them: the server does not support the request that is checked.
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
