/**
 * All error codes. A failure has its own code if programs or users must distinguish it from others. A new code needs a test, and a
 * section in docs/reference/errors.md.
 */
export const errorCodes = [
  // Missing or invalid settings, inputs or state. A missing installation of this package.
  "invalid-configuration",
  "credentials-missing",
  "credential-in-plain-text",
  "unknown-source",
  "invalid-input",
  "invalid-state",
  "package-missing",
  // The exchange of a workload identity for an access token.
  "identity-missing",
  "issuer-unreachable",
  "identity-invalid",
  "clock-wrong",
  "identity-refused",
  "identity-not-mapped",
  // A response of the API that is not a success.
  "unauthenticated",
  "forbidden",
  "bad-request",
  "not-found",
  "conflict",
  "rate-limited",
  "server-error",
  "unexpected-status",
  // No response, or one that cannot be trusted.
  "connection-failed",
  "name-not-resolved",
  "tls-failed",
  "proxy-refused",
  "timed-out",
  "redirected",
  "response-too-large",
  "unexpected-response",
  "incomplete-listing",
  // A connection, its organizations, or the outcome of a create.
  "pair-exists",
  "wrong-organization",
  "organization-unproven",
  "connection-not-found",
  "outcome-unknown",
  // The Pulumi engine was killed, or the user stopped the operation.
  "engine-gone",
  "canceled",
  // The timeout that the program sets for a resource has ended.
  "deadline-exceeded",
  // Functions, such as `getOrganization`, and the organizations in the ID of an import.
  "organization-unknown",
  "organization-ambiguous",
  "organization-disabled",
] as const;

/** One of the {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];
