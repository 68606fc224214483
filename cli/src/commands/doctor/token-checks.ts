/** The checks of an access token: in the settings, or issued for a workload identity. */
import { findTokenOwner } from "datadog-org-connections-core/api/authentication.js";
import { parseRefusalReason } from "datadog-org-connections-core/api/explain-refusal.js";
import { hasStatus, type Call, type Reads } from "./calls.js";
import { createFailure, createOk, createUnknown, type Check } from "./check.js";

/**
 * Checks whether Datadog accepts a token. Datadog has no request that only validates a token, so the check uses the requests for
 * the lists. The token is never sent to another site, because a token alone is enough to change connections.
 *
 * @param facts - what else is known about the token, in a sentence
 */
export function checkToken(baseUrl: string, { list, organizations }: Reads, facts: string): Check {
  const calls = [list, organizations];
  if (calls.some(isTokenAccepted)) return createOk("token", `Datadog accepts the access token. ${facts}`);
  const refused = calls.find((call) => hasStatus(call, 401))?.error;
  if (refused) return createFailure("token", refused);
  return list.error && list.error.code !== "forbidden"
    ? createFailure("token", list.error)
    : createUnknown(
        "token",
        `${new URL(baseUrl).host} does not say whether it accepts the access token. ${facts}`,
      );
}

/** Whether a response proves that the token is valid: a success, or a refusal for another reason, such as a missing permission. */
const isTokenAccepted = (call: Call<unknown>): boolean =>
  hasStatus(call, 200) ||
  (hasStatus(call, 403) && parseRefusalReason(call.error?.facts.apiErrors ?? []) !== undefined);

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
