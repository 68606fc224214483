import { routes, type RouteName } from "datadog-org-connections-core/api/routes.js";

/** Which call a request makes. */
export interface RouteMatch {
  route: RouteName;
  /** Lower case, as ids are compared; empty when the route takes none. */
  connectionId: string;
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

/** The call of this method and path; `undefined` for all that the sandbox does not imitate. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  for (const candidate of patterns) {
    const match = candidate.method === method ? candidate.pattern.exec(path) : null;
    if (match)
      return { route: candidate.route, connectionId: decode(match.groups?.["id"] ?? "").toLowerCase() };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
