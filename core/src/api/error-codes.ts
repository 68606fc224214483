/**
 * Every way in which this package can fail, by what the reader can do next. The list is closed: a new failure gets a
 * new code here, a test, and a row in the README.
 */
export const errorCodes = [
  // before any request
  "invalid-configuration",
  "keys-missing",
  "key-in-plain-text",
  "unknown-source",
  "invalid-input",
  "invalid-state",
  // an answer of the API that is not a success
  "unauthenticated",
  "forbidden",
  "bad-request",
  "not-found",
  "conflict",
  "rate-limited",
  "server-error",
  "unexpected-status",
  // no answer, or none that can be trusted
  "connection-failed",
  "name-not-resolved",
  "tls-failed",
  "proxy-refused",
  "timed-out",
  "redirected",
  "answer-too-large",
  "unexpected-answer",
  "incomplete-listing",
  // what the answers mean for one connection
  "pair-exists",
  "wrong-organization",
  "organization-unproven",
  "connection-missing",
  "outcome-unknown",
  "engine-gone",
  // look-ups
  "organization-unknown",
  "organization-ambiguous",
  "organization-disabled",
] as const;

/** The code of a failure: see {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];
