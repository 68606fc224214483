import type { IncomingHttpHeaders } from "node:http";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { createErrorResponse, type SandboxResponse } from "./response.js";
import type { SandboxOrganization } from "./seed.js";
import type { Store } from "./store.js";

/** Where a request carries its keys. */
export type AuthLocation = "headers" | "query" | "none";

/** The calling organization, or the response that refuses the call. */
export type Caller = { auth: AuthLocation } & (
  { organization: SandboxOrganization; refusal?: never } | { organization?: never; refusal: SandboxResponse }
);

/**
 * Finds the organization of a request's keys, which are in headers (OpenAPI specification) or in query parameters
 * (https://docs.datadoghq.com/api/latest/org-connections/).
 */
export function identifyCaller(
  store: Store,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  route?: RouteName,
): Caller {
  const inHeaders = [getHeaderValue(headers["dd-api-key"]), getHeaderValue(headers["dd-application-key"])];
  const inQuery = [query.get("api_key") ?? "", query.get("application_key") ?? ""];
  const auth = inHeaders.some(Boolean) ? "headers" : inQuery.some(Boolean) ? "query" : "none";
  const apiKey = inHeaders[0] || inQuery[0];
  const appKey = inHeaders[1] || inQuery[1];
  const organization = store.organizations.find((candidate) => candidate.apiKey === apiKey);
  if (route === "validateApiKey") {
    // The response without a key is recorded. 403 for an unknown key is documented; its message is an assumption.
    if (!apiKey) return { auth, refusal: createErrorResponse(403, "API key required") };
    if (!organization || organization.disabled)
      return { auth, refusal: createErrorResponse(403, "Forbidden") };
    return { auth, organization };
  }
  // Every call can return 401 for a missing key (OpenAPI specification). The message is an assumption.
  if (!apiKey || !appKey) return { auth, refusal: createErrorResponse(401, "Unauthorized") };
  // Assumption: the keys of a disabled organization are refused like unknown keys.
  if (organization?.appKey !== appKey || organization.disabled) {
    return { auth, refusal: createErrorResponse(403, "Forbidden") };
  }
  return { auth, organization };
}

// In the beta of cross-organization visibility, the documentation named `org_management` for every call. The current
// documentation has two permissions, one to read and one to write: https://docs.datadoghq.com/api/latest/org-connections/
// Assumption: write does not include read. The permissions of listOrganizations are those of the OpenAPI specification.
const permissionsByRoute: Record<RouteName, readonly string[]> = {
  listConnections: ["org_management", "org_connections_read"],
  createConnection: ["org_management", "org_connections_write"],
  updateConnection: ["org_management", "org_connections_write"],
  deleteConnection: ["org_management", "org_connections_write"],
  listOrganizations: ["org_management", "org_connections_write"],
  validateApiKey: [],
  validateKeys: [],
  // https://docs.datadoghq.com/api/latest/key-management/
  listApplicationKeys: ["org_app_keys_read"],
};
/** The calls that require cross-organization connections to be enabled. */
const featureRoutes: readonly RouteName[] = [
  "listConnections",
  "createConnection",
  "updateConnection",
  "deleteConnection",
];

/**
 * Checks whether this organization may make this call. Returns the response that refuses it, or `undefined` if the
 * call is allowed.
 *
 * The status 403 is documented. The messages are assumptions, because no 403 of this endpoint is recorded. The message
 * about a missing permission is the one that the whole platform uses.
 */
export function checkAccess(
  route: RouteName,
  organization: SandboxOrganization,
): SandboxResponse | undefined {
  const sufficient = permissionsByRoute[route];
  if (
    sufficient.length > 0 &&
    !sufficient.some((permission) => organization.permissions.includes(permission))
  ) {
    return createErrorResponse(403, "Failed permission authorization checks");
  }
  if (featureRoutes.includes(route) && !organization.feature) {
    return createErrorResponse(403, "Cross-organization connections are not enabled for this organization");
  }
  return undefined;
}

function getHeaderValue(header: string | string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
