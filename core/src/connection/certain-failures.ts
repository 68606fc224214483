import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";

/**
 * The failures of a preview check that an update would report too. Two of them can be temporary, although the request was repeated:
 * `name-not-resolved` of a DNS server that failed, and `unexpected-response` of truncated JSON.
 */
const CERTAIN_CODES = [
  "invalid-configuration",
  "credentials-missing",
  "unknown-source",
  "identity-missing",
  "identity-invalid",
  "clock-wrong",
  "identity-refused",
  "identity-not-mapped",
  "unauthenticated",
  "forbidden",
  "name-not-resolved",
  "tls-failed",
  "redirected",
  "unexpected-response",
  "response-too-large",
  "wrong-organization",
  "invalid-input",
  "not-found",
  "pair-exists",
] as const;

/**
 * Returns an error of a preview check if the update would certainly fail in the same way, and undefined if it might not.
 *
 * @throws the error itself if it is not an `OrgConnectionsError`, because then it is a defect of this package
 */
export function toCertainFailure(error: unknown): OrgConnectionsError | undefined {
  if (!isOrgConnectionsError(error)) throw error;
  return isOrgConnectionsError(error, ...CERTAIN_CODES) ? error : undefined;
}
