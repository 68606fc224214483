import { getErrorRecord } from "../api/error-codes.js";
import { isOrgConnectionsError, wasNotSent, type OrgConnectionsError } from "../api/org-connections-error.js";

/**
 * Returns an error of a preview check if its code is certain (error-codes.ts). Otherwise, returns undefined, because the
 * update may succeed.
 *
 * @throws the error itself if it is not an `OrgConnectionsError`, because then it is a defect of this package
 */
export function toCertainFailure(error: unknown): OrgConnectionsError | undefined {
  if (!isOrgConnectionsError(error)) throw error;
  return getErrorRecord(error.code).certain ? error : undefined;
}

/**
 * Whether the outcome of a failed write is unknown. The write may have been sent, with one of these results:
 *
 * - no response, an invalid response or a server error;
 * - a redirect or refusal without an error message. Errors of the API have messages
 *   (https://docs.datadoghq.com/api/latest/org-connections/), so the response comes from an intermediary, which may have
 *   forwarded the write.
 *
 * After a 429, the outcome is known: nothing was written.
 */
export function isUnknownOutcome(error: unknown): error is OrgConnectionsError {
  if (!isOrgConnectionsError(error)) return false;
  if (wasNotSent(error)) return false;
  const { status, apiErrors = [] } = error.facts;
  if (status !== undefined && status >= 300 && status < 500 && status !== 429) return apiErrors.length === 0;
  return getErrorRecord(error.code).outcomeUnknown === true;
}
