import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { createErrorResponse, type SandboxResponse } from "./response.js";
import type { SandboxOrganization } from "./seed.js";

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
  exchangeToken: [],
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
