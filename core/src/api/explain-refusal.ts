import { formatKind } from "./authentication.js";
import type { ErrorText } from "./org-connections-error.js";
import type { MessageContext } from "./message-context.js";
import { isWrite, type RouteName } from "./routes.js";

/** The reason for a response with status 403. Undefined if the messages of the response do not contain it. */
export type RefusalReason = "missing-permission" | "feature-off" | undefined;

/**
 * Parses the reason from the messages of a response with status 403. All APIs of Datadog have the same message for a missing
 * permission, and "Forbidden" for invalid keys. The message for disabled cross-organization visibility is not publicly documented,
 * so the words that identify `feature-off` are assumptions.
 */
export function parseRefusalReason(apiErrors: readonly string[]): RefusalReason {
  const message = apiErrors.join("; ");
  if (/permission/i.test(message)) return "missing-permission";
  // A message with one of these words may be about a disabled key, token, user or account, not about a disabled feature.
  if (/\b(key|token|user|account)\b/i.test(message)) return undefined;
  return /not (enabled|available|active)|disabled|switched off|feature/i.test(message)
    ? "feature-off"
    : undefined;
}

/** What to do about a missing permission. */
export const GRANT_PERMISSION =
  "Add it to the role of the owner of the application key or token, and to the scopes of this key or token, if it has scopes.";

/** What to do if the account of a workload identity lacks a permission. */
export const GRANT_TO_ACCOUNT =
  "Add it to the role of the account that the identity is mapped to in Datadog.";

/** What to do if cross-organization visibility is disabled. */
export const ENABLE_FEATURE =
  "Enable it in Datadog: Organization Settings > Cross-Organization Visibility. If this page is missing, contact Datadog support.";

/** The permissions for `GET /api/v2/org`. Either permission is enough. Source: the OpenAPI specification (routes.ts). */
export const LIST_ORGANIZATIONS_PERMISSIONS = "`org_management` or `org_connections_write`";

const RUN_DOCTOR =
  "For a diagnosis, run `datadog-org-connections doctor`, with --stack for credentials in the stack's configuration.";

/** Formats the permission that a call needs. Sources: the links in routes.ts and, for the beta, the link at `KeyLocation`. */
function formatPermission(route: RouteName): string {
  if (route === "listOrganizations") return LIST_ORGANIZATIONS_PERMISSIONS;
  const permission = isWrite(route) ? "org_connections_write" : "org_connections_read";
  return `\`${permission}\` (in the beta of cross-organization visibility: \`org_management\`)`;
}

/** What to do if an access token is set as the application key. */
export const MOVE_TOKEN =
  "The value of the application key is an access token: set it as the bearer token, and unset both keys.";

/** Explains a response with status 401. */
export function explainUnauthenticated({
  label,
  baseUrl,
  credentialsFrom,
  kind,
  hasTokenAsKey,
}: MessageContext): ErrorText {
  if (kind === "identity") {
    return {
      happened:
        `Datadog did not accept an access token of ${label}, which it had issued for the workload identity in ${credentialsFrom}: the ` +
        "token has expired or was revoked.",
      advice:
        "Run the command again. If the error persists, check in Datadog whether the account that the identity is mapped to is active.",
    };
  }
  const refused = `Datadog did not accept the ${formatKind(kind)} of ${label}, taken from ${credentialsFrom}`;
  if (kind === "token" || hasTokenAsKey) {
    const token = kind === "token" ? "the token" : "the access token that is set as the application key";
    return {
      happened: `${refused}: ${token} is invalid, or it has expired or was revoked.`,
      advice:
        (kind === "token" ? "" : `${MOVE_TOKEN} `) +
        `Check whether the token is listed in the access tokens of the organization in Datadog, and check that ${baseUrl} is ` +
        "the site of the organization. If the token has expired or was revoked, create a new one and set it.",
    };
  }
  return {
    happened: `${refused}: at least one of them is invalid.`,
    advice: `Check both keys, and check that ${baseUrl} is the correct site for them.`,
  };
}

/** Formats the first checks after a 403 without a known reason: the words between "Check that" and "the permissions". */
function formatChecks({ baseUrl, kind, hasTokenAsKey }: MessageContext): string {
  if (kind === "identity") return "the account that the identity is mapped to is active and has";
  if (kind === "token" || hasTokenAsKey) return `the token is valid on ${baseUrl}, that its scopes include`;
  return `both keys are valid on ${baseUrl}, that the owner of the application key has`;
}

/** Explains a response with status 403. If its messages contain no known reason, the advice lists likely causes. */
export function explainRefusal(
  context: MessageContext,
  route: RouteName,
  apiErrors: readonly string[],
): ErrorText {
  const { label, credentialsFrom, kind } = context;
  const denied = `Datadog denied the request of ${label}, sent with the ${formatKind(kind)} taken from ${credentialsFrom}`;
  switch (parseRefusalReason(apiErrors)) {
    case "missing-permission":
      return {
        happened: `${denied}: the permission ${formatPermission(route)} is missing.`,
        advice: `${kind === "identity" ? GRANT_TO_ACCOUNT : GRANT_PERMISSION} ${RUN_DOCTOR}`,
      };
    case "feature-off":
      return {
        happened: `${denied}: cross-organization visibility is not enabled for this organization.`,
        advice: `${ENABLE_FEATURE} ${RUN_DOCTOR}`,
      };
    case undefined:
      return {
        happened: `${denied}.`,
        advice:
          `${context.hasTokenAsKey ? `${MOVE_TOKEN} ` : ""}Several causes are possible. Check that ${formatChecks(context)} the permissions ` +
          "`org_connections_read` and `org_connections_write` (in the beta of cross-organization visibility, `org_management` " +
          `instead), and that cross-organization visibility is enabled for the organization. ${RUN_DOCTOR}`,
      };
  }
}
