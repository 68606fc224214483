import { CREDENTIAL_KINDS, MOVE_TOKEN } from "./authentication.js";
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

/** What to do if cross-organization visibility is disabled. */
const ENABLE_FEATURE =
  "Enable it in Datadog: Organization Settings > Cross-Organization Visibility. If this page is missing, contact Datadog support.";

/** The permissions for `GET /api/v2/org`. Either permission is enough. Source: the OpenAPI specification (routes.ts). */
export const LIST_ORGANIZATIONS_PERMISSIONS = "`org_management` or `org_connections_write`";

const RUN_DOCTOR =
  " For a diagnosis, run `datadog-org-connections doctor`, with --stack for credentials in the stack's configuration.";

/** Formats the permission that a call needs. Sources: the links in routes.ts and, for the beta, the link at `KeyLocation`. */
function formatPermission(route: RouteName): string {
  if (route === "listOrganizations") return LIST_ORGANIZATIONS_PERMISSIONS;
  const permission = isWrite(route) ? "org_connections_write" : "org_connections_read";
  return `\`${permission}\` (in the beta of cross-organization visibility: \`org_management\`)`;
}

/** Explains a response with status 401. */
export const explainUnauthenticated = (context: MessageContext): ErrorText =>
  CREDENTIAL_KINDS[context.kind].explainUnauthenticated(context);

/** Explains a response with status 403. If its messages contain no known reason, the advice lists likely causes. */
export function explainRefusal(
  context: MessageContext,
  route: RouteName,
  apiErrors: readonly string[],
): ErrorText {
  const { label, credentialsFrom } = context;
  const runDoctor = context.isDoctor ? "" : RUN_DOCTOR;
  const kind = CREDENTIAL_KINDS[context.kind];
  const denied = `Datadog denied the request of ${label}, sent with the ${kind.name} taken from ${credentialsFrom}`;
  switch (parseRefusalReason(apiErrors)) {
    case "missing-permission":
      return {
        happened: `${denied}: the permission ${formatPermission(route)} is missing.`,
        advice: `${kind.grantAdvice}${runDoctor}`,
      };
    case "feature-off":
      return {
        happened: `${denied}: cross-organization visibility is not enabled for this organization.`,
        advice: `${ENABLE_FEATURE}${runDoctor}`,
      };
    case undefined:
      return {
        happened: `${denied}.`,
        advice:
          `${context.hasTokenAsKey ? `${MOVE_TOKEN} ` : ""}Several causes are possible. Check that ${kind.formatChecks(context)} the permissions ` +
          "`org_connections_read` and `org_connections_write` (in the beta of cross-organization visibility, `org_management` " +
          `instead), and that cross-organization visibility is enabled for the organization.${runDoctor}`,
      };
  }
}
