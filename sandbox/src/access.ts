import type { IncomingHttpHeaders } from "node:http";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { createErrorResponse, type SandboxResponse } from "./response.js";
import type { SandboxOrganization } from "./seed.js";
import type { Store } from "./store.js";

/** Where a request carries its credentials. A token in `Authorization` is in the headers, too. */
export type AuthLocation = "headers" | "query" | "none";

/**
 * What a request authenticates with: keys, or a bearer token in the header `Authorization` without any key. `mixed` is both. A token
 * in the header of the application key counts as keys.
 */
export type CredentialKind = "keys" | "token" | "mixed" | "none";

/** The calling organization, or the response that refuses the call. */
export type Caller = { auth: AuthLocation; credentials: CredentialKind } & (
  { organization: SandboxOrganization; refusal?: never } | { organization?: never; refusal: SandboxResponse }
);

/** What a request sends to authenticate. Missing parts are empty. */
interface SentCredentials {
  auth: AuthLocation;
  credentials: CredentialKind;
  apiKey: string;
  appKey: string;
  token: string;
}

/**
 * Finds the organization of a request's credentials: keys, which are in headers (OpenAPI specification) or in query parameters
 * (https://docs.datadoghq.com/api/latest/org-connections/), or a bearer token
 * (https://docs.datadoghq.com/account_management/service-access-tokens/).
 */
export function identifyCaller(
  store: Store,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  route?: RouteName,
): Caller {
  const { apiKey, appKey, token, ...logged } = readCredentials(headers, query);
  const createRefused = (status: number, message: string): Caller => ({
    ...logged,
    refusal: createErrorResponse(status, message),
  });
  const createAccepted = (organization: SandboxOrganization): Caller => ({ ...logged, organization });
  if (route === "validateApiKey") {
    const organization = store.organizations.find((candidate) => candidate.apiKey === apiKey);
    // The response without a key is recorded. 403 for an unknown key is documented; its message is an assumption.
    if (!apiKey) return createRefused(403, "API key required");
    return organization && !organization.disabled
      ? createAccepted(organization)
      : createRefused(403, "Forbidden");
  }
  // In the header of the application key, Datadog accepts a token too, and does not evaluate the API key (same page).
  const usedToken = token || appKey;
  const byToken = store.organizations.find(
    ({ bearerToken, disabled }) => usedToken !== "" && bearerToken === usedToken && !disabled,
  );
  if (byToken && logged.credentials !== "mixed") return createAccepted(byToken);
  // Assumptions: an unknown, expired or revoked token gets 401, and so does a token together with keys, which the documentation
  // does not mention.
  if (token) return createRefused(401, "Unauthorized");
  // Every call can return 401 for a missing key (OpenAPI specification). The message is an assumption.
  if (!apiKey || !appKey) return createRefused(401, "Unauthorized");
  const organization = store.organizations.find((candidate) => candidate.apiKey === apiKey);
  // Assumption: the keys of a disabled organization are refused like unknown keys.
  return organization?.appKey === appKey && !organization.disabled
    ? createAccepted(organization)
    : createRefused(403, "Forbidden");
}

function readCredentials(headers: IncomingHttpHeaders, query: URLSearchParams): SentCredentials {
  const inHeaders = [getHeaderValue(headers["dd-api-key"]), getHeaderValue(headers["dd-application-key"])];
  const inQuery = [query.get("api_key") ?? "", query.get("application_key") ?? ""];
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  const hasKeys = [...inHeaders, ...inQuery].some(Boolean);
  const auth = token !== "" || inHeaders.some(Boolean) ? "headers" : hasKeys ? "query" : "none";
  return {
    auth,
    credentials: token === "" ? (hasKeys ? "keys" : "none") : hasKeys ? "mixed" : "token",
    apiKey: inHeaders[0] || inQuery[0] || "",
    appKey: inHeaders[1] || inQuery[1] || "",
    token,
  };
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

function getHeaderValue(header: string | string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
