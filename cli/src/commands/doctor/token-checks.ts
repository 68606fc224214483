import { findTokenOwner } from "datadog-org-connections-core/api/authentication.js";
import { parseRefusalReason } from "datadog-org-connections-core/api/explain-refusal.js";
import { parseJson } from "datadog-org-connections-core/text/data.js";
import { parseErrors } from "datadog-org-connections-core/api/parse.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import type { Probe, ProbeResult } from "./probe.js";
import { findRequestFailure } from "./request-failures.js";

/**
 * Checks the site and the token. Datadog has no request that only validates a token, so the check uses the requests for the lists.
 * The token is never sent to another site, because a token alone is enough to change connections.
 */
export function checkToken(
  baseUrl: string,
  credentialsFrom: string,
  { list, organizations }: Probe,
): Check[] {
  const { host } = new URL(baseUrl);
  if ([list, organizations].some(isTokenAccepted)) {
    return [
      createOk("site", `${host} is the site of this token.`),
      createOk("token", `Datadog accepts the access token: ${credentialsFrom}.`),
    ];
  }
  if ([list, organizations].some((result) => result?.response?.status === 401)) {
    return [
      createProblem(
        "token",
        "token-refused",
        `${host} refuses the access token (${credentialsFrom}). It is invalid, has expired or was revoked, or belongs to another site.`,
        "Check the site, and check in Datadog whether the token is among the access tokens of the organization. If not, create a new one. " +
          "Doctor sends a token to no other site, even with --try-sites.",
      ),
    ];
  }
  return [
    findRequestFailure("token", list) ??
      createUnknown(
        "token",
        `${host} does not say whether it accepts the access token (${credentialsFrom}).`,
      ),
  ];
}

/** Whether a response proves that the token is valid: a success, or a refusal for another reason, such as a missing permission. */
export function isTokenAccepted(result: ProbeResult | undefined): boolean {
  const { response } = result ?? {};
  if (response?.status === 200) return true;
  return response?.status === 403 && parseRefusalReason(parseErrors(parseJson(response.text))) !== undefined;
}

/** Checks who owns a token, by its documented prefix: https://docs.datadoghq.com/account_management/personal-access-tokens/ */
export function checkTokenOwner(token: string): Check {
  const owner = findTokenOwner(token);
  if (owner === "service account") return createOk("owner", "The access token belongs to a service account.");
  if (owner === undefined) return createUnknown("owner", "It is unknown who owns the access token.");
  return {
    check: "owner",
    verdict: "advice",
    found:
      "The access token belongs to a person, and expires after a year at most. When this user is deactivated, Datadog deletes the " +
      "connections that were created with this token.",
    next: "Use the access token of a service account.",
  };
}
