import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { formatCall } from "../api/routes.js";

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
  const { status, call, apiErrors = [] } = error.facts;
  // The exchange for an access token failed, so the write was not sent.
  if (call === formatCall("exchangeToken")) return false;
  if (status !== undefined && status >= 300 && status < 500 && status !== 429) return apiErrors.length === 0;
  return UNKNOWN_OUTCOME_CODES.includes(error.code);
}

const UNKNOWN_OUTCOME_CODES: readonly string[] = [
  "connection-failed",
  "timed-out",
  "tls-failed",
  "server-error",
  "unexpected-status",
  "unexpected-response",
  "response-too-large",
];
