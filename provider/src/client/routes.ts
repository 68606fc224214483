/**
 * Every call this project makes, in one list: the client can send nothing else, and the sandbox answers nothing
 * else (501). Source: the API page of org connections and the published OpenAPI models.
 */
export const routes = {
  listConnections: { method: "GET", path: "/api/v2/org_connections" },
  createConnection: { method: "POST", path: "/api/v2/org_connections" },
  updateConnection: { method: "PATCH", path: "/api/v2/org_connections/{id}" },
  deleteConnection: { method: "DELETE", path: "/api/v2/org_connections/{id}" },
  listOrganizations: { method: "GET", path: "/api/v2/org" },
} as const;

/** The name of one call. */
export type RouteName = keyof typeof routes;

/** An HTTP method that one of the calls uses. */
export type Method = (typeof routes)[RouteName]["method"];

/** The path of a route, with the connection's id filled in where it takes one. */
export function pathOf(route: RouteName, connectionId?: string): string {
  return routes[route].path.replace("{id}", encodeURIComponent(connectionId ?? ""));
}

/** The most rows a page of the list may have, and the API's own default. */
export const PAGE_LIMIT = 1000;
