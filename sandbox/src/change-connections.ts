import * as v from "valibot";
import {
  failure,
  invalidInput,
  type Answer,
  type ApiCall,
  type HandlerContext,
  type Outcome,
} from "./answer.js";
import { anyObject, uuid } from "./input.js";
import type { SandboxOrganization } from "./seed.js";
import { toNamelessWire, toWire } from "./wire-rows.js";

// Assumption, unrecorded: what the service chooses when a create names no types (the beta's form, D).
const TYPES_BY_DEFAULT = ["logs"];

/** At least one, each of a plausible form. Which types exist is not checked: the set has grown, and will (S). */
const types = v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,63}$/))), v.minLength(1));
const orgConnection = v.literal("org_connection");
const lowerCase = v.pipe(v.string(), v.toLowerCase());
const relationships = v.object({ sink_org: v.object({ data: v.object({ id: lowerCase }) }) });

/** The sink alone, which the log and faults use even when the rest of the body is invalid. */
const sinkBody = v.object({ data: v.object({ relationships }) });

/** The body of a create. */
export const createBody = v.object({
  data: v.object({
    type: orgConnection,
    // Assumption, unrecorded: what is not an object counts as missing.
    attributes: v.optional(
      v.pipe(
        v.unknown(),
        v.transform((attributes) => (v.is(anyObject, attributes) ? attributes : {})),
        v.object({ connection_types: v.nullish(types, TYPES_BY_DEFAULT) }),
      ),
      {},
    ),
    relationships,
  }),
});

/** The body of an update. */
export const updateBody = v.object({
  data: v.object({ type: orgConnection, id: lowerCase, attributes: v.object({ connection_types: types }) }),
});

/** `POST /api/v2/org_connections`: the keys decide the source (D, S). */
export function createConnection(
  { store, sentinels }: HandlerContext,
  { caller }: ApiCall,
  { data }: v.InferOutput<typeof createBody>,
): Outcome {
  const sinkId = data.relationships.sink_org.data.id;
  const connectionTypes = data.attributes.connection_types;

  const injected = sentinels.take(caller.id, sinkId);
  if (injected) return injected;

  const sink = store.organizationById(sinkId);
  // Recorded for a malformed id only (R); outside the account the API page has no status (D): the same is assumed.
  if (sink?.account !== caller.account) return failure(404, "Not found");
  const pair = `connection between orgs ${caller.id} and ${sinkId}`;
  // The repeated type is recorded (R). Assumption: the same for source = sink and for a disabled sink.
  if (isRepeating(connectionTypes) || sinkId === caller.id || sink.disabled)
    return failure(400, `${pair} is not allowed`);
  if (store.connectionOf(caller.id, sinkId)) return failure(409, `${pair} already exists`);
  const full = refuseSixth(caller, store.connections.filter((row) => row.sourceOrgId === caller.id).length);
  if (full) return full;

  const row = store.insert({
    sourceOrgId: caller.id,
    sinkOrgId: sinkId,
    connectionTypes,
    createdBy: caller.user,
  });
  return { status: 200, body: { data: toWire(store, row) } };
}

/** `PATCH /api/v2/org_connections/{id}`: from the source only (current documentation). */
export function updateConnection(
  { store }: HandlerContext,
  { caller, connectionId }: ApiCall,
  { data }: v.InferOutput<typeof updateBody>,
): Outcome {
  const connectionTypes = data.attributes.connection_types;
  // Assumption, unrecorded: the id in the body must be the one in the path.
  if (data.id !== connectionId || isRepeating(connectionTypes)) return invalidInput();

  const row = store.connection(connectionId);
  // Assumption, unrecorded: to an organization that is not the source, the connection does not exist.
  const changed =
    row?.sourceOrgId === caller.id ? store.changeTypes(connectionId, connectionTypes) : undefined;
  // The doubled words are the service's own (R).
  if (!changed) return failure(404, `Org connection with id:${connectionId} not found not found`);
  return { status: 200, body: { data: toNamelessWire(changed) } };
}

/** `DELETE /api/v2/org_connections/{id}`: from either side (D). */
export function deleteConnection({ store }: HandlerContext, { caller, connectionId }: ApiCall): Outcome {
  if (!v.is(uuid, connectionId)) return failure(400, "connection id must be a valid uuid");
  const row = store.connection(connectionId);
  // A caller who takes no part fails too (D); assumed with the recorded answer for a missing one (R).
  if (!row || ![row.sourceOrgId, row.sinkOrgId].includes(caller.id)) {
    return failure(404, `org connection with id:${connectionId} not found not found`);
  }
  store.remove(connectionId);
  return { status: 200, body: {} };
}

/** Reads the sink that the body of a create names, in lower case. */
export function readSinkId(body: unknown): string | undefined {
  const parsed = v.safeParse(sinkBody, body);
  return parsed.success ? parsed.output.data.relationships.sink_org.data.id : undefined;
}

function isRepeating(types: readonly string[]): boolean {
  return new Set(types).size < types.length;
}

/** The limit outside an Enterprise plan is documented, status and text of its refusal are assumptions. */
function refuseSixth({ maxDestinations }: SandboxOrganization, destinations: number): Answer | undefined {
  if (maxDestinations === undefined || destinations < maxDestinations) return undefined;
  return failure(400, `organization may not have more than ${maxDestinations} destinations`);
}
