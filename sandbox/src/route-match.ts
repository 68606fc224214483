import { routes, type RouteName } from "datadog-org-connections-core/api/routes.js";

/** The API call of a request. */
export interface RouteMatch {
  route: RouteName;
  /** The ID in the path, in lower case for comparisons. Empty if the route has none. */
  connectionId: string;
  /** The ID as it is in the path. */
  requestedId: string;
}

/** The names of all routes. */
export const routeNames = Object.keys(routes).filter((name): name is RouteName =>
  Object.hasOwn(routes, name),
);

const patterns = routeNames.map((route) => ({
  route,
  method: routes[route].method,
  pattern: new RegExp(`^${routes[route].path.replace("{id}", "(?<id>[^/]+)")}$`),
}));

/** Finds the API call with this method and path. Returns `undefined` for calls that the sandbox does not imitate. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  for (const candidate of patterns) {
    const match = candidate.method === method ? candidate.pattern.exec(path) : null;
    if (match) {
      const requestedId = decodeSegment(match.groups?.["id"] ?? "");
      return { route: candidate.route, connectionId: requestedId.toLowerCase(), requestedId };
    }
  }
  return undefined;
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
