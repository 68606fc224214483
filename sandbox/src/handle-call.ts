import * as v from "valibot";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { checkAccess } from "./access.js";
import type { ApiCall, Call, HandlerContext, Outcome } from "./handler.js";
import { createAccessToken } from "./identity/create-access-token.js";
import { listApplicationKeys, validateApiKey, validateKeys } from "./key-management.js";
import { listConnections } from "./list-connections.js";
import { listOrganizations } from "./list-organizations.js";
import { createErrorResponse, createInvalidInputResponse, type SandboxResponse } from "./response.js";
import type { SandboxContext } from "./sandbox-context.js";
import {
  createBodySchema,
  createConnection,
  deleteConnection,
  updateBodySchema,
  updateConnection,
} from "./write-connections.js";

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
