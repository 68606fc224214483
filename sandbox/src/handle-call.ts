import * as v from "valibot";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import {
  type ApiCall,
  type Call,
  type HandlerContext,
  type Outcome,
  createErrorResponse,
  createInvalidInputResponse,
  type SandboxResponse,
} from "./call.js";
import {
  listConnections,
  createBodySchema,
  createConnection,
  deleteConnection,
  updateBodySchema,
  updateConnection,
} from "./connection-calls.js";
import {
  createAccessToken,
  listApplicationKeys,
  validateApiKey,
  validateKeys,
  listOrganizations,
} from "./organization-calls.js";
import type { SandboxOrganization } from "./organizations.js";
import type { SandboxContext } from "./sandbox-context.js";

/** Handles one call. `body` is the parsed JSON, or `undefined` if the request has no valid JSON. */
type Handler = (context: HandlerContext, call: ApiCall, body: unknown) => Outcome;

const handlers: Record<RouteName, Handler> = {
  listConnections,
  createConnection: createBodyHandler(createBodySchema, createConnection),
  updateConnection: createBodyHandler(updateBodySchema, updateConnection),
  deleteConnection,
  listOrganizations,
  validateApiKey,
  validateKeys,
  listApplicationKeys,
  exchangeToken: createAccessToken,
};

/** Creates a handler that parses the body first. */
function createBodyHandler<Body>(
  schema: v.GenericSchema<unknown, Body>,
  handle: (context: HandlerContext, call: ApiCall, body: Body) => Outcome,
): Handler {
  return (context, call, body) => {
    const parsed = v.safeParse(schema, body);
    return parsed.success ? handle(context, call, parsed.output) : createInvalidInputResponse();
  };
}

/** Checks the credentials, the rate limit and the permissions, in this order, and then runs the handler. */
export function handleCall(
  context: SandboxContext,
  { match: { route, connectionId }, caller: { organization, grant, refusal }, query, body }: Call,
): Outcome {
  if (!organization) return refusal;
  const { allowed, headers } = context.limiter.countRequest(organization.key);
  const outcome = !allowed
    ? createErrorResponse(429, "Too many requests")
    : (checkAccess(route, organization) ??
      handlers[route](context, { caller: organization, grant, query, connectionId }, body));
  return "kind" in outcome ? outcome : addHeaders(outcome, headers);
}

function addHeaders(response: SandboxResponse, headers: Record<string, string>): SandboxResponse {
  return { ...response, headers: { ...headers, ...response.headers } };
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
function checkAccess(route: RouteName, organization: SandboxOrganization): SandboxResponse | undefined {
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
