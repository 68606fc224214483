import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";

/**
 * If a preview check fails with one of these codes, the update would fail too. For two of the codes, this is not quite certain. A
 * temporary cause can outlast all attempts of the preview check:
 *
 * - `name-not-resolved`: a DNS server fails.
 * - `unexpected-response`: the JSON is truncated.
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
 * Returns an error of a preview check if its code is one of the {@link CERTAIN_CODES}. Otherwise, returns undefined, because the
 * update may succeed.
 *
 * @throws the error itself if it is not an `OrgConnectionsError`, because then it is a defect of this package
 */
export function toCertainFailure(error: unknown): OrgConnectionsError | undefined {
  if (!isOrgConnectionsError(error)) throw error;
  return isOrgConnectionsError(error, ...CERTAIN_CODES) ? error : undefined;
}
