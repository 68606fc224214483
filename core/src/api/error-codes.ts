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

/** What is known about every failure with one code. What is not listed is false. */
interface ErrorRecord {
  /** What has happened. The section of the code in docs/reference/errors.md begins with this sentence. */
  meaning: string;
  /** The anchor of the group in docs/reference/errors.md that contains the section of the code, whose own anchor is the code. */
  group: string;
  /**
   * If a preview check fails with this code, the update would fail too. For two codes, this is not quite certain. A temporary cause
   * can outlast all attempts of the preview check:
   *
   * - `name-not-resolved`: a DNS server fails.
   * - `unexpected-response`: the JSON is truncated.
   */
  certain?: true;
  /** A write that fails with this code may have taken effect, unless its status proves otherwise: see `isUnknownOutcome`. */
  outcomeUnknown?: true;
  /** A proof was refused, so that another exchange within a minute would probably fail too. Other failures may be temporary. */
  refusal?: true;
}

const records = {
  "invalid-configuration": {
    meaning:
      "A setting is unknown or malformed, an organization with a workload identity has no `id`, or settings contradict each other.",
    group: "settings-inputs-and-state",
    certain: true,
  },
  "credentials-missing": {
    meaning: "The organization has no credentials, or only one of its two keys is set.",
    group: "settings-inputs-and-state",
    certain: true,
  },
  "credential-in-plain-text": {
    meaning:
      "The stack's configuration contains a key or token in plain text, because it was set without `--secret`.",
    group: "settings-inputs-and-state",
  },
  "unknown-source": {
    meaning: "`source`, or the ID of an import, names an organization that is not configured.",
    group: "settings-inputs-and-state",
    certain: true,
  },
  "invalid-input": {
    meaning: "An argument or option is invalid.",
    group: "settings-inputs-and-state",
    certain: true,
  },
  "invalid-state": {
    meaning: "The state of a resource does not have the format of this package.",
    group: "settings-inputs-and-state",
  },
  "package-missing": {
    meaning:
      "The package `pulumi-datadog-org-connections` is not installed for the program: for example, because only a library that the program uses depends on it.",
    group: "settings-inputs-and-state",
  },
  "identity-missing": {
    meaning:
      "There is no proof of the identity: the variable, file, library or cloud credentials that the message names are missing or not usable.",
    group: "workload-identity",
    certain: true,
  },
  "issuer-unreachable": {
    meaning:
      "The issuer of the proof, such as the token endpoint of GitHub Actions, did not respond in time or as expected.",
    group: "workload-identity",
  },
  "identity-invalid": {
    meaning:
      "The proof is malformed, has expired, has another audience than `datadog/<UUID of the organization>`, or is for several organizations.",
    group: "workload-identity",
    certain: true,
  },
  "clock-wrong": {
    meaning:
      "Datadog does not accept the proof, and the clock of this machine differs from Datadog's by more than two minutes.",
    group: "workload-identity",
    certain: true,
    refusal: true,
  },
  "identity-refused": {
    meaning: "Datadog does not accept the proof (the exchange gets 401).",
    group: "workload-identity",
    certain: true,
    refusal: true,
  },
  "identity-not-mapped": {
    meaning:
      "Datadog accepts the proof, but the organization does not map the identity to an account (the exchange gets 403).",
    group: "workload-identity",
    certain: true,
    refusal: true,
  },
  unauthenticated: {
    meaning:
      "Datadog does not accept the keys, the bearer token or the access token of a workload identity (401).",
    group: "responses-of-datadog",
    certain: true,
  },
  forbidden: { meaning: "Datadog denies access (403).", group: "responses-of-datadog", certain: true },
  "bad-request": { meaning: "Datadog rejects the request as invalid (400).", group: "responses-of-datadog" },
  "not-found": {
    meaning: "Datadog did not find what the request refers to (404).",
    group: "responses-of-datadog",
    certain: true,
  },
  conflict: {
    meaning:
      "Datadog rejects a call because the connection already exists (409), although the call is not a create.",
    group: "responses-of-datadog",
  },
  "rate-limited": {
    meaning:
      "The rate limit of Datadog is exhausted for longer than the call may wait, or at each of its attempts.",
    group: "responses-of-datadog",
  },
  "server-error": {
    meaning: "Datadog failed to process the request (5xx).",
    group: "responses-of-datadog",
    outcomeUnknown: true,
  },
  "unexpected-status": {
    meaning: "The response has a status that this version does not support.",
    group: "responses-of-datadog",
    outcomeUnknown: true,
  },
  "connection-failed": {
    meaning: "The network connection failed.",
    group: "no-response-or-one-that-cannot-be-trusted",
    outcomeUnknown: true,
  },
  "name-not-resolved": {
    meaning: "The host name of the site, or of the proxy, does not resolve.",
    group: "no-response-or-one-that-cannot-be-trusted",
    certain: true,
  },
  "tls-failed": {
    meaning: "The TLS connection failed: for example, the certificate of the server is not trusted.",
    group: "no-response-or-one-that-cannot-be-trusted",
    certain: true,
    outcomeUnknown: true,
  },
  "proxy-refused": {
    meaning: "A proxy refused to connect to Datadog.",
    group: "no-response-or-one-that-cannot-be-trusted",
  },
  "timed-out": {
    meaning: "The server did not respond in time.",
    group: "no-response-or-one-that-cannot-be-trusted",
    outcomeUnknown: true,
  },
  redirected: {
    meaning: "The server redirects the request.",
    group: "no-response-or-one-that-cannot-be-trusted",
    certain: true,
  },
  "response-too-large": {
    meaning: "The response is larger than 16 MiB.",
    group: "no-response-or-one-that-cannot-be-trusted",
    certain: true,
    outcomeUnknown: true,
  },
  "unexpected-response": {
    meaning:
      "The response has a success status, but it is not a valid response of the API: for example, it is a login page, or it is truncated.",
    group: "no-response-or-one-that-cannot-be-trusted",
    certain: true,
    outcomeUnknown: true,
  },
  "incomplete-listing": {
    meaning: "A list of connections could not be read completely, so it was not used.",
    group: "no-response-or-one-that-cannot-be-trusted",
  },
  "pair-exists": {
    meaning: "The source already shares data with this destination.",
    group: "connections",
    certain: true,
  },
  "wrong-organization": {
    meaning:
      "The credentials belong to another organization than the one that the settings or the state name, or than the one that other resources with this `source` have in the state.",
    group: "connections",
    certain: true,
  },
  "organization-unproven": {
    meaning: "Nothing proves to which organization the credentials belong.",
    group: "connections",
  },
  "connection-not-found": { meaning: "The connection was deleted, or never existed.", group: "connections" },
  "outcome-unknown": {
    meaning:
      "The outcome of a create is unknown: it got no valid response, and the live connections do not show whether it took effect.",
    group: "connections",
  },
  "engine-gone": {
    meaning: "The Pulumi engine was killed while its provider was running.",
    group: "the-engine",
  },
  canceled: { meaning: "You stopped the operation, for example with Ctrl-C.", group: "the-engine" },
  "deadline-exceeded": {
    meaning:
      "The timeout that the program sets for a resource (`customTimeouts`) ended before a change was sent, so this change was not made.",
    group: "the-engine",
  },
  "organization-unknown": {
    meaning: "`getOrganization` found no organization with this name or ID.",
    group: "functions",
  },
  "organization-ambiguous": {
    meaning: "`getOrganization` found several organizations with this name.",
    group: "functions",
  },
  "organization-disabled": {
    meaning:
      "The organization that `getOrganization` found is disabled, so no connection to it can be created.",
    group: "functions",
  },
} as const satisfies Record<ErrorCode, ErrorRecord>;

/** Returns what is known about every failure with this code. */
export const getErrorRecord = (code: ErrorCode): ErrorRecord => records[code];

/** A code of a refused exchange. */
export type RefusalCode = {
  [Code in ErrorCode]: (typeof records)[Code] extends { refusal: true } ? Code : never;
}[ErrorCode];

/** Whether a code is that of a refused exchange. */
export const isRefusal = (code: ErrorCode): code is RefusalCode => getErrorRecord(code).refusal === true;
