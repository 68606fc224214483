import { parseRequestedDelay } from "datadog-org-connections-core/api/limiter.js";
import { createProblem, type Check, type CheckName } from "./check.js";
import type { ProbeResult } from "./probe.js";

/**
 * Describes a response that is too large.
 *
 * @param origin - where the response is from, such as ` from https://api.datadoghq.com`, with a space at the start
 */
export const describeLargeResponse = (origin = ""): string =>
  `The response${origin} is too large, so it was not read. It is probably not from Datadog.`;

/**
 * Finds a failure of the request itself: no response, a response that is too large, a rate limit, or a server error other than 501.
 * Such a failure shows nothing about the subject of the check. Returns `undefined` for other results, and if the request was not
 * sent.
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
    const delaySeconds = parseRequestedDelay(status, headers);
    const when = delaySeconds === undefined ? "later" : `in ${delaySeconds} s`;
    return createProblem(
      check,
      "rate-limited",
      "The organization has reached its rate limit (429).",
      `Run \`doctor\` again ${when}.`,
    );
  }
  // 501 is a result, not a failure. It shows that the server does not support the request.
  if (status >= 500 && status !== 501) {
    return createProblem(
      check,
      "datadog-fails",
      `Datadog returned an error (${status}).`,
      "Run `doctor` again. If the problem persists, see https://status.datadoghq.com.",
    );
  }
  return undefined;
}
