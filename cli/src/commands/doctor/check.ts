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
  | "owner"
  | "read"
  | "write"
  /** Whether cross-organization visibility is enabled. */
  | "feature"
  | "creators"
  /** The Pulumi CLI. Its cause is `pulumi`. */
  | "cli"
  | "sdk"
  | "package"
  /** The provider plugin, for a program that uses it. */
  | "plugin"
  | "stack";

/**
 * - `ok`: no problem.
 * - `advice`: it works, but there is a better choice.
 * - `unknown`: the check has no result, for example because the credentials lack a permission or a file cannot be read.
 * - `problem`: a run would fail or report wrong values because of what was found, or the request of the check failed (no
 *   response, rate limit, or server error).
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
  /** Datadog responded with a server error (5xx). */
  | "datadog-fails"
  | "rate-limited"
  | "clock"
  | "wrong-site"
  | "wrong-key"
  | "wrong-site-or-key"
  /** Datadog does not accept the token. */
  | "token-refused"
  /** There is no proof of the workload identity: for example, a variable, a file, a library or credentials of the cloud are missing. */
  | "identity-missing"
  /** The proof is not usable: for example, it is malformed, has expired, or is for another organization. */
  | "identity-invalid"
  /** The issuer of the proof does not respond in time, or responds with an error. */
  | "issuer-unreachable"
  /** Datadog does not accept the proof. */
  | "identity-refused"
  /** The organization maps the identity to no account. */
  | "identity-not-mapped"
  /** The response to the exchange has a status that no other cause covers, or is a success without an access token. */
  | "exchange-failed"
  | "wrong-organization"
  | "incomplete-listing"
  | "missing-permission"
  /** Cross-organization visibility is disabled. */
  | "feature-off"
  | "permission-or-feature"
  /** The Pulumi CLI: the cause of the check `cli`. */
  | "pulumi"
  | "sdk"
  | "package"
  | "plugin"
  | "stack"
  | "credential-in-plain-text";

/** One line of the report. */
export interface Check {
  check: CheckName;
  verdict: Verdict;
  /** The result, in full sentences. */
  found: string;
  /** What to do next, if anything. */
  next?: string;
  cause?: Cause;
}

/** Creates a check without a problem. */
export const createOk = (check: CheckName, found: string): Check => ({ check, verdict: "ok", found });

/** Creates a check without a result. */
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
