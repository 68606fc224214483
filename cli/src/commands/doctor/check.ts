import type { ErrorCode } from "datadog-org-connections-core/api/error-codes.js";
import type { OrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";

/** What a check examines. */
export type CheckName =
  | "credentials"
  | "site"
  | "host"
  | "clock"
  | "api key"
  | "application key"
  /** What proves a workload identity. */
  | "proof"
  /** The exchange of the proof for an access token. */
  | "exchange"
  /** A bearer token, an access token that is set as the application key, or one that was issued for a workload identity. */
  | "token"
  | "organization"
  /** The user who owns the application key. */
  | "owner"
  | "read"
  | "write"
  /** Whether cross-organization visibility is enabled. */
  | "feature"
  /** Who created the existing connections. */
  | "creators"
  /** The Pulumi CLI. A problem has the cause `pulumi`. */
  | "cli"
  | "sdk"
  | "package"
  /** The provider plugin, for a program that uses it. */
  | "plugin"
  | "stack";

/**
 * - `ok`: no problem.
 * - `advice`: it works, but there is a better choice.
 * - `unknown`: the check cannot decide, for example because the credentials lack a permission or a file cannot be read.
 * - `problem`: `pulumi up` or another command would fail or report wrong values. Or the request of the check failed, for example
 *   because of a rate limit.
 */
type Verdict = "ok" | "advice" | "unknown" | "problem";

/** The cause of a problem, as a code for programs. */
export type Cause =
  | "credentials-missing"
  | "invalid-settings"
  | "name-not-resolved"
  | "host-unreachable"
  | "tls"
  | "proxy"
  | "not-datadog"
  /** Datadog responded with a server error (5xx, except 501). */
  | "datadog-fails"
  | "rate-limited"
  | "clock"
  | "wrong-site"
  | "wrong-key"
  | "wrong-site-or-key"
  /** Datadog does not accept the token. */
  | "token-refused"
  /**
   * There is no proof of the workload identity. For example, a variable, a file, a library or the cloud credentials are missing.
   */
  | "identity-missing"
  /** The proof is not usable: for example, it is malformed, has expired, or is for another organization. */
  | "identity-invalid"
  /** The issuer of the proof does not respond in time, or responds with an error. */
  | "issuer-unreachable"
  /** Datadog does not accept the proof. */
  | "identity-refused"
  /** The organization has no persona mapping from the identity to a user or service account. */
  | "identity-not-mapped"
  /** The response to the exchange contains no valid access token, and no other cause applies. */
  | "exchange-failed"
  | "wrong-organization"
  | "incomplete-listing"
  | "missing-permission"
  /** Cross-organization visibility is disabled. */
  | "feature-off"
  /**
   * Datadog refuses to list connections. Its message does not say whether a permission is missing or the feature is disabled.
   */
  | "permission-or-feature"
  /** The Pulumi CLI is missing, fails or is too old. */
  | "pulumi"
  | "sdk"
  | "package"
  | "plugin"
  | "stack"
  /** A run holds the lock of the stack. */
  | "stack-locked"
  | "credential-in-plain-text";

/** The result of a check: one line of the report. */
export interface Check {
  check: CheckName;
  verdict: Verdict;
  /** The result, in full sentences. */
  found: string;
  /** What to do next, if anything. */
  next?: string;
  /** Only a problem has a cause. */
  cause?: Cause;
  /** The code of the client's error, if the check reports one: see docs/reference/errors.md. */
  code?: ErrorCode;
  /** Of the check `organization`: the organization that the credentials are proven to belong to. */
  caller?: { id: string; name?: string | undefined };
}

/** Creates a check with the verdict `ok`. */
export const createOk = (check: CheckName, found: string): Check => ({ check, verdict: "ok", found });

/** Creates a check with the verdict `unknown`. */
export const createUnknown = (check: CheckName, found: string): Check => ({
  check,
  verdict: "unknown",
  found,
});

/** Creates a check with a problem. */
export const createProblem = (check: CheckName, cause: Cause, found: string, next: string): Check => ({
  check,
  verdict: "problem",
  cause,
  found,
  next,
});

/** The causes of the client's errors. An error without a cause shows nothing about the subject of a check. */
const CAUSES: Partial<Record<ErrorCode, Cause>> = {
  "credentials-missing": "credentials-missing",
  "unknown-source": "credentials-missing",
  "name-not-resolved": "name-not-resolved",
  "connection-failed": "host-unreachable",
  "timed-out": "host-unreachable",
  "tls-failed": "tls",
  "proxy-refused": "proxy",
  redirected: "not-datadog",
  "response-too-large": "not-datadog",
  "unexpected-response": "not-datadog",
  "server-error": "datadog-fails",
  "rate-limited": "rate-limited",
  "clock-wrong": "clock",
  unauthenticated: "token-refused",
  "identity-missing": "identity-missing",
  "identity-invalid": "identity-invalid",
  "issuer-unreachable": "issuer-unreachable",
  "identity-refused": "identity-refused",
  "identity-not-mapped": "identity-not-mapped",
};

const SEE_STATUS = "If the problem persists, see https://status.datadoghq.com.";

/**
 * Creates a check with an error of the client. Without a cause, and if the server does not support the request (501), the check
 * cannot decide.
 */
export function createFailure(
  check: CheckName,
  error: OrgConnectionsError,
  cause = CAUSES[error.code],
): Check {
  const { code, happened, advice, detail, facts } = error;
  const found = detail === undefined ? happened : `${happened} ${detail}`;
  const next = code === "server-error" ? `${advice ?? ""} ${SEE_STATUS}` : advice;
  const common = { check, code, found, ...(next !== undefined && { next }) };
  return cause === undefined || facts.status === 501
    ? { ...common, verdict: "unknown" }
    : { ...common, verdict: "problem", cause };
}
