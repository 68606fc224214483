import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { formatCall } from "../api/routes.js";

/**
 * Whether it is unknown if a failed write took effect: no response although it may have been sent, an invalid response, a server
 * error, or a refusal that did not come from the API. The API's own errors have messages
 * (https://docs.datadoghq.com/api/latest/org-connections/); an error without one comes from an intermediary, which may have
 * forwarded the write. After a 429, the outcome is known even without messages: nothing was
 * written.
 */
export function isUnknownOutcome(error: unknown): error is OrgConnectionsError {
  if (!isOrgConnectionsError(error)) return false;
  const { status, call, apiErrors = [] } = error.facts;
  // Without an access token, the write was not sent.
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
