import { getErrorRecord } from "../api/error-codes.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";

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
