import { isOrgConnectionsError, type OrgConnectionsError } from "../errors/org-connections-error.js";

/** Whether a write failed so that nobody knows if it was done: no answer, a broken one, or a failure after the fact. */
export function isLost(error: unknown): error is OrgConnectionsError {
  return isOrgConnectionsError(
    error,
    "connection-failed",
    "timed-out",
    "server-error",
    "unexpected-answer",
    "answer-too-large",
  );
}
