/** What a check examines. */
export type CheckName =
  | "credentials"
  | "site"
  | "host"
  | "clock"
  | "api key"
  | "application key"
  | "organization"
  | "owner"
  | "read"
  | "write"
  | "feature"
  | "creators"
  | "cli"
  | "sdk"
  | "package"
  | "stack";

/**
 * - `ok`: no problem.
 * - `advice`: it works, but there is a better choice.
 * - `unknown`: it cannot be determined with these credentials.
 * - `problem`: a run would fail because of it, or it could not be checked.
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
  | "datadog-fails"
  | "rate-limited"
  | "clock"
  | "wrong-site"
  | "wrong-key"
  | "wrong-site-or-key"
  | "wrong-organization"
  | "incomplete-listing"
  | "missing-permission"
  | "feature-off"
  | "permission-or-feature"
  | "pulumi"
  | "sdk"
  | "package"
  | "stack"
  | "credential-in-plain-text";

/** One line of the report. */
export interface Check {
  check: CheckName;
  verdict: Verdict;
  /** The result, in one sentence. */
  found: string;
  /** What to do next, if anything. */
  next?: string;
  cause?: Cause;
}

export const createOk = (check: CheckName, found: string): Check => ({ check, verdict: "ok", found });

export const createUnknown = (check: CheckName, found: string): Check => ({
  check,
  verdict: "unknown",
  found,
});

export const createProblem = (check: CheckName, cause: Cause, found: string, next: string): Check => ({
  check,
  verdict: "problem",
  cause,
  found,
  next,
});
