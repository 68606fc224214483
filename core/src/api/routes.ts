/**
 * Every API call that this project makes. The client cannot send any other call, and the sandbox responds to
 * other calls with 501.
 *
 * Sources: https://docs.datadoghq.com/api/latest/org-connections/, and the OpenAPI specification:
 * https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v2/openapi.yaml
 */
export const routes = {
  listConnections: { method: "GET", path: "/api/v2/org_connections" },
  createConnection: { method: "POST", path: "/api/v2/org_connections" },
  updateConnection: { method: "PATCH", path: "/api/v2/org_connections/{id}" },
  deleteConnection: { method: "DELETE", path: "/api/v2/org_connections/{id}" },
  listOrganizations: { method: "GET", path: "/api/v2/org" },
  // Only `doctor` makes the next three calls. The first one checks the API key, and the second one checks
  // both keys: https://docs.datadoghq.com/api/latest/authentication/. The third one lists the application keys and their owners:
  // https://docs.datadoghq.com/api/latest/key-management/.
  validateApiKey: { method: "GET", path: "/api/v1/validate" },
  validateKeys: { method: "GET", path: "/api/v2/validate_keys" },
  listApplicationKeys: { method: "GET", path: "/api/v2/application_keys" },
  // Exchanges the proof of a workload identity for an access token. This call is not in the OpenAPI specification:
  // https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go
  exchangeToken: { method: "POST", path: "/api/v2/delegated-token" },
} as const;

/** The name of an API call. */
export type RouteName = keyof typeof routes;

/** Formats the path of a route, with the connection's ID if the route takes one. */
export function formatPath(route: RouteName, connectionId?: string): string {
  return routes[route].path.replace("{id}", encodeURIComponent(connectionId ?? ""));
}

/** Formats a call for messages: `POST /api/v2/org_connections`. */
export const formatCall = (route: RouteName): string => `${routes[route].method} ${routes[route].path}`;

/** Whether a call changes connections. The token exchange is a POST, but it changes no connection, so it is safe to repeat. */
export const isWrite = (route: RouteName): boolean =>
  routes[route].method !== "GET" && route !== "exchangeToken";

/**
 * The only success status of the {@link routes}, according to their sources. Another status below 300 comes from an intermediary,
 * such as a proxy.
 */
export const SUCCESS_STATUS = 200;

/** The `limit` of a list request: the maximum count of connections in a page. The API's default is the same. */
export const PAGE_LIMIT = 1000;
