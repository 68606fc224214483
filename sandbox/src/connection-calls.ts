import * as v from "valibot";
import { PAGE_LIMIT } from "datadog-org-connections-core/api/routes.js";
import {
  createErrorResponse,
  createInvalidInputResponse,
  type SandboxResponse,
  type ApiCall,
  type HandlerContext,
  type Outcome,
} from "./call.js";
import { anyObject, uuid } from "./input.js";
import type { SandboxOrganization } from "./organizations.js";
import { toWireConnectionWithoutNames, toWireConnection, toIncluded } from "./to-wire.js";

// Assumption: the types that the service selects for a create without types, which the API allowed in the beta of
// cross-organization visibility.
const DEFAULT_TYPES = ["logs"];

/** At least one type of a plausible form. Unknown types are valid, because Datadog adds types. */
const typesSchema = v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,63}$/))), v.minLength(1));
const orgConnection = v.literal("org_connection");
const lowerCase = v.pipe(v.string(), v.toLowerCase());
const relationships = v.object({ sink_org: v.object({ data: v.object({ id: lowerCase }) }) });

/** A body with a destination organization. The log and faults need it even if the rest of the body is invalid. */
const sinkBodySchema = v.object({ data: v.object({ relationships }) });

/** The body of a create. */
export const createBodySchema = v.object({
  data: v.object({
    type: orgConnection,
    // Assumption: a value that is not an object counts as missing.
    attributes: v.optional(
      v.pipe(
        v.unknown(),
        v.transform((attributes) => (v.is(anyObject, attributes) ? attributes : {})),
        v.object({ connection_types: v.nullish(typesSchema, DEFAULT_TYPES) }),
      ),
      {},
    ),
    relationships,
  }),
});

/** The body of an update. */
export const updateBodySchema = v.object({
  data: v.object({
    type: orgConnection,
    id: lowerCase,
    attributes: v.object({ connection_types: typesSchema }),
  }),
});

/**
 * `POST /api/v2/org_connections`. The keys determine the source: https://docs.datadoghq.com/api/latest/org-connections/
 */
export function createConnection(
  { store, sentinels }: HandlerContext,
  { caller }: ApiCall,
  { data }: v.InferOutput<typeof createBodySchema>,
): Outcome {
  const sinkId = data.relationships.sink_org.data.id;
  const connectionTypes = data.attributes.connection_types;

  const fault = sentinels.takeFault(caller.id, sinkId);
  if (fault) return fault;

  const sink = store.findOrganizationById(sinkId);
  // Recorded for a malformed ID only. Assumption: the same for an unknown organization and for one of another account,
  // because the documentation gives no status.
  if (sink?.account !== caller.account) return createErrorResponse(404, "Not found");
  const description = `connection between orgs ${caller.id} and ${sinkId}`;
  // Recorded for a repeated type. Assumption: the same if the destination is the source itself or is disabled.
  if (hasDuplicates(connectionTypes) || sinkId === caller.id || sink.disabled)
    return createErrorResponse(400, `${description} is not allowed`);
  if (store.findConnectionByPair(caller.id, sinkId))
    return createErrorResponse(409, `${description} already exists`);
  const limitError = checkDestinationLimit(
    caller,
    store.connections.filter((row) => row.sourceOrgId === caller.id).length,
  );
  if (limitError) return limitError;

  const row = store.addConnection({
    sourceOrgId: caller.id,
    sinkOrgId: sinkId,
    connectionTypes,
    createdBy: caller.user,
  });
  return { status: 200, body: { data: toWireConnection(store, row) } };
}

/**
 * `PATCH /api/v2/org_connections/{id}`. Only the source may update:
 * https://docs.datadoghq.com/api/latest/org-connections/
 */
export function updateConnection(
  { store }: HandlerContext,
  { caller, connectionId }: ApiCall,
  { data }: v.InferOutput<typeof updateBodySchema>,
): Outcome {
  const connectionTypes = data.attributes.connection_types;
  // Assumption: the ID in the body must be the ID in the path.
  if (data.id !== connectionId || hasDuplicates(connectionTypes)) return createInvalidInputResponse();

  const row = store.findConnection(connectionId);
  // Assumption: for an organization that is not the source, the connection does not exist.
  const changed =
    row?.sourceOrgId === caller.id ? store.changeTypes(connectionId, connectionTypes) : undefined;
  // The repeated "not found" is recorded.
  if (!changed) return createErrorResponse(404, `Org connection with id:${connectionId} not found not found`);
  return { status: 200, body: { data: toWireConnectionWithoutNames(changed) } };
}

/**
 * `DELETE /api/v2/org_connections/{id}`. Both organizations may delete:
 * https://docs.datadoghq.com/api/latest/org-connections/
 */
export function deleteConnection({ store }: HandlerContext, { caller, connectionId }: ApiCall): Outcome {
  if (!v.is(uuid, connectionId)) return createErrorResponse(400, "connection id must be a valid uuid");
  const row = store.findConnection(connectionId);
  // The documentation says that other callers fail too. Assumption: they get the response recorded for an unknown ID.
  if (!row || ![row.sourceOrgId, row.sinkOrgId].includes(caller.id)) {
    return createErrorResponse(404, `org connection with id:${connectionId} not found not found`);
  }
  store.deleteConnection(connectionId);
  return { status: 200, body: {} };
}

/** Parses the ID of the destination organization from the body of a create, in lower case. */
export function parseSinkId(body: unknown): string | undefined {
  const parsed = v.safeParse(sinkBodySchema, body);
  return parsed.success ? parsed.output.data.relationships.sink_org.data.id : undefined;
}

function hasDuplicates(types: readonly string[]): boolean {
  return new Set(types).size < types.length;
}

/** Checks the documented limit outside the Enterprise plan. The status and the message are assumptions. */
function checkDestinationLimit(
  { maxDestinations }: SandboxOrganization,
  destinationCount: number,
): SandboxResponse | undefined {
  if (maxDestinations === undefined || destinationCount < maxDestinations) return undefined;
  return createErrorResponse(400, `organization may not have more than ${maxDestinations} destinations`);
}

/**
 * `GET /api/v2/org_connections`. Returns every connection whose source or destination is the caller:
 * https://docs.datadoghq.com/api/latest/org-connections/
 */
export function listConnections({ store }: HandlerContext, { caller, query }: ApiCall): Outcome {
  const limit = parseWholeNumber(query.get("limit"), PAGE_LIMIT);
  const offset = parseWholeNumber(query.get("offset"), 0);
  const source = query.get("source_org_id")?.toLowerCase();
  const sink = query.get("sink_org_id")?.toLowerCase();
  // Assumptions: an invalid parameter returns 400, and no page is larger than the default.
  if (limit === undefined || limit < 1 || limit > PAGE_LIMIT || offset === undefined)
    return createInvalidInputResponse();
  if ([source, sink].some((id) => id !== undefined && !v.is(uuid, id))) return createInvalidInputResponse();

  const own = store.connections.filter((row) => [row.sourceOrgId, row.sinkOrgId].includes(caller.id));
  const filtered = own.filter(
    (row) => (source ?? row.sourceOrgId) === row.sourceOrgId && (sink ?? row.sinkOrgId) === row.sinkOrgId,
  );
  const page = filtered.slice(offset, offset + limit);
  return {
    status: 200,
    body: {
      data: page.map((row) => toWireConnection(store, row)),
      // An empty list has no `included` (recorded).
      ...(page.length > 0 && { included: toIncluded(store, page) }),
      meta: { page: { total_count: own.length, total_filtered_count: filtered.length } },
    },
  };
}

function parseWholeNumber(text: string | null, defaultValue: number): number | undefined {
  if (text === null) return defaultValue;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
