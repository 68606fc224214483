/** What a check looked at. */
export type CheckName =
  | "keys"
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
 * - `ok`: as it should be.
 * - `advice`: works, and could be better.
 * - `unknown`: nobody can tell with these keys. Neither well nor ill.
 * - `problem`: something that a run would hit, or that could not be looked at.
 */
type Verdict = "ok" | "advice" | "unknown" | "problem";

/** The cause of a problem, for programs. */
export type Cause =
  | "no-keys"
  | "bad-settings"
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
  | "key-in-plain-text";

/** One line of the report. */
export interface Check {
  check: CheckName;
  verdict: Verdict;
  /** What was found, one sentence. */
  found: string;
  /** What to do next, where something is to be done. */
  next?: string;
  cause?: Cause;
}

export const ok = (check: CheckName, found: string): Check => ({ check, verdict: "ok", found });

export const unknown = (check: CheckName, found: string): Check => ({ check, verdict: "unknown", found });

export const problem = (check: CheckName, cause: Cause, found: string, next: string): Check => ({
  check,
  verdict: "problem",
  cause,
  found,
  next,
});
