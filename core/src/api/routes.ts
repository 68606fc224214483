/**
 * Every call this project makes, in one list: the client can send nothing else, and the sandbox answers nothing
 * else (501). Sources: the API pages of org connections and of key management, and the published OpenAPI models.
 */
export const routes = {
  listConnections: { method: "GET", path: "/api/v2/org_connections" },
  createConnection: { method: "POST", path: "/api/v2/org_connections" },
  updateConnection: { method: "PATCH", path: "/api/v2/org_connections/{id}" },
  deleteConnection: { method: "DELETE", path: "/api/v2/org_connections/{id}" },
  listOrganizations: { method: "GET", path: "/api/v2/org" },
  // Asked by `doctor` alone: one API key, known or not (D, R); both keys (D, S); the application keys and their owners (S, R).
  validateApiKey: { method: "GET", path: "/api/v1/validate" },
  validateKeys: { method: "GET", path: "/api/v2/validate_keys" },
  listApplicationKeys: { method: "GET", path: "/api/v2/application_keys" },
} as const;

/** The name of one call. */
export type RouteName = keyof typeof routes;

/** An HTTP method that one of the calls uses. */
export type Method = (typeof routes)[RouteName]["method"];

/** The path of a route, with the connection's id filled in where it takes one. */
export function pathOf(route: RouteName, connectionId?: string): string {
  return routes[route].path.replace("{id}", encodeURIComponent(connectionId ?? ""));
}

/**
 * The one status that is a success, of each of these calls (the published OpenAPI models). Anything else below 300 comes
 * from something in between: a proxy, say.
 */
export const SUCCESS_STATUS = 200;

/** The most rows a page of the list may have, and the API's own default. */
export const PAGE_LIMIT = 1000;
