import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";

/**
 * Whether a write failed so that nobody knows if it was done: no answer, a broken one, a failure after the fact, or a
 * refusal that is not the API's own. The API's failures carry their texts (R); one without comes from something in
 * between, which may have passed the write on.
 */
export function isLost(error: unknown): error is OrgConnectionsError {
  if (!isOrgConnectionsError(error)) return false;
  const { status, apiErrors = [] } = error.facts;
  if (status !== undefined && status >= 300 && status < 500 && status !== 429) return apiErrors.length === 0;
  return LOST.includes(error.code);
}

const LOST: readonly string[] = [
  "connection-failed",
  "timed-out",
  "tls-failed",
  "server-error",
  "unexpected-status",
  "unexpected-answer",
  "answer-too-large",
];
