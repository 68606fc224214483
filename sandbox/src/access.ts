import type { IncomingHttpHeaders } from "node:http";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { failure, type Answer } from "./answer.js";
import type { SandboxOrganization } from "./seed.js";
import type { Store } from "./store.js";

/** Where a request carries its keys. */
export type AuthForm = "headers" | "query" | "none";

/** Who calls, or why the call is refused. */
export type Caller = { auth: AuthForm } & (
  { organization: SandboxOrganization; refusal?: never } | { organization?: never; refusal: Answer }
);

/** Finds the organization of a request's keys: headers (S), or query parameters (D). */
export function identify(
  store: Store,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  route?: RouteName,
): Caller {
  const inHeaders = [text(headers["dd-api-key"]), text(headers["dd-application-key"])];
  const inQuery = [query.get("api_key") ?? "", query.get("application_key") ?? ""];
  const auth = inHeaders.some(Boolean) ? "headers" : inQuery.some(Boolean) ? "query" : "none";
  const apiKey = inHeaders[0] || inQuery[0];
  const appKey = inHeaders[1] || inQuery[1];
  const organization = store.organizations.find((other) => other.apiKey === apiKey);
  if (route === "validateApiKey") {
    // No key: recorded (R). An unknown one: 403 (D), with an assumed text.
    if (!apiKey) return { auth, refusal: failure(403, "API key required") };
    if (!organization || organization.disabled) return { auth, refusal: failure(403, "Forbidden") };
    return { auth, organization };
  }
  // Every call may answer 401: a key is missing (S). The text is an assumption: none is recorded.
  if (!apiKey || !appKey) return { auth, refusal: failure(401, "Unauthorized") };
  // Assumption, unrecorded: a disabled organization's keys are refused as unknown ones are.
  if (organization?.appKey !== appKey || organization.disabled) {
    return { auth, refusal: failure(403, "Forbidden") };
  }
  return { auth, organization };
}

// The beta's page names `org_management` for everything (D); today's documentation splits it into read and write.
// Assumption: write does not include read. The list of organizations: (S).
const permissionsFor: Record<RouteName, readonly string[]> = {
  listConnections: ["org_management", "org_connections_read"],
  createConnection: ["org_management", "org_connections_write"],
  updateConnection: ["org_management", "org_connections_write"],
  deleteConnection: ["org_management", "org_connections_write"],
  listOrganizations: ["org_management", "org_connections_write"],
  validateApiKey: [],
  validateKeys: [],
  // (D)
  listApplicationKeys: ["org_app_keys_read"],
};
const featured: readonly RouteName[] = [
  "listConnections",
  "createConnection",
  "updateConnection",
  "deleteConnection",
];

/**
 * Why this organization may not make this call; `undefined` when it may. That there is a 403 is documented (D), the
 * texts are assumptions: no 403 of this endpoint is recorded anywhere. That of a missing permission is the platform's.
 */
export function refuse(route: RouteName, organization: SandboxOrganization): Answer | undefined {
  const enough = permissionsFor[route];
  if (enough.length > 0 && !enough.some((permission) => organization.permissions.includes(permission))) {
    return failure(403, "Failed permission authorization checks");
  }
  if (featured.includes(route) && !organization.feature) {
    return failure(403, "Cross-organization connections are not enabled for this organization");
  }
  return undefined;
}

function text(header: string | string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
