import * as v from "valibot";
import { isObject } from "../text/data.js";
import { identifier } from "../api/parse.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { normalizeSavedInputs } from "../connection/inputs.js";
import { requireInputs } from "../connection/input-schemas.js";
import { hasKnownConnections, normalizeSavedSetInputs } from "../connection-set/inputs.js";
import type { Incomplete, Inputs, State } from "../connection/types.js";
import type { PlannedSetInputs, SetInputs, SetState } from "../connection-set/types.js";

const optionalString = v.optional(v.string());
const optionalBoolean = v.optional(v.boolean());
const typesSchema = v.array(v.string());
/**
 * The state of a single connection. If `aliases` moved the resource from another provider, that provider has written the state. The
 * state then contains the destination and the types in the case and order of the program. So this schema converts both to lower
 * case, and sorts the types.
 */
export const stateSchema = v.object({
  source: optionalString,
  sinkOrgId: v.pipe(v.string(), v.toLowerCase()),
  connectionTypes: v.pipe(
    v.array(v.pipe(v.string(), v.toLowerCase())),
    v.transform((types) => types.sort()),
  ),
  typesUnspecified: optionalBoolean,
  adopt: optionalBoolean,
  reason: optionalString,
  sourceOrgId: optionalString,
  sourceOrgName: optionalString,
  sinkOrgName: optionalString,
  createdAt: v.string(),
  createdBy: optionalString,
});
/** One connection of a set, without its types. */
const memberSchema = v.object({
  id: identifier,
  sinkOrgName: optionalString,
  createdAt: v.string(),
  createdBy: optionalString,
});
/** The state of a set. */
export const setStateSchema = v.object({
  source: optionalString,
  connections: v.record(v.string(), typesSchema),
  exclusive: optionalBoolean,
  adopt: optionalBoolean,
  reason: optionalString,
  members: v.record(v.string(), memberSchema),
  undeclared: v.optional(v.record(v.string(), identifier)),
  sourceOrgId: v.string(),
  sourceOrgName: optionalString,
});

/** Faster than `v.record`, which checks each entry. The engine sends properties thousands of times. */
const propertiesSchema = v.custom<Record<string, unknown>>(isObject);

/** Parses properties from the engine. */
export const parseProperties = (properties: unknown): Record<string, unknown> =>
  v.parse(propertiesSchema, properties);

/** Parses the saved inputs of a single connection, which come from check or a read. @throws `invalid-input` */
export const parseInputs = (properties: unknown): Inputs =>
  requireInputs(normalizeSavedInputs(parseProperties(properties)));

/**
 * Parses the saved inputs of a set, which come from check or a read. In a preview, `connections` may be unknown.
 *
 * @throws `invalid-input`
 */
export const parsePlannedSetInputs = (properties: unknown): PlannedSetInputs =>
  requireInputs(normalizeSavedSetInputs(parseProperties(properties)));

/** Parses the inputs for a create or update of a set, outside a preview. @throws `invalid-input`, also for unknown `connections` */
export function parseSetInputs(properties: unknown): SetInputs {
  const planned = parsePlannedSetInputs(properties);
  if (hasKnownConnections(planned)) return planned;
  throw new OrgConnectionsError("invalid-input", {
    happened: "The value of `connections` is unknown, although this is not a preview. Nothing was changed.",
    advice:
      "The value comes from a resource that this run did not create or update, for example because of --target. Run `pulumi up` " +
      "without --target.",
  });
}

/** Parses the state of a single connection. @throws `invalid-state` */
export const parseState = (state: unknown): State => parseWith(stateSchema, state);

/** Parses the state of a single connection. The state of a new `get` contains at most a `source`. @throws `invalid-state` */
export const parseStateOrGet = (state: unknown): Incomplete<State> =>
  parseWith(v.partial(stateSchema), state);

/**
 * Parses the state of a set. The ID of each of its `connections` must be in `members`, or in `undeclared` if the set does not
 * declare the connection. Without the ID of a member, a deletion of the set would succeed, and this connection would stay live.
 *
 * @throws `invalid-state`
 */
export function parseSetState(properties: unknown): SetState {
  const state = parseWith(setStateSchema, properties);
  const { connections, members, undeclared = {} } = state;
  const withoutId = Object.keys(connections).find(
    (sink) => !Object.hasOwn(members, sink) && !Object.hasOwn(undeclared, sink),
  );
  if (withoutId !== undefined) throw createInvalidStateError(`connections.${withoutId}`);
  return state;
}

/** Parses a state with a schema. Users can edit the state of a stack, so an invalid state is refused before any change. */
function parseWith<Schema extends v.GenericSchema>(schema: Schema, state: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, removeNulls(state));
  if (parsed.success) return parsed.output;
  throw createInvalidStateError(v.getDotPath(parsed.issues[0]));
}

function createInvalidStateError(path: string | null): OrgConnectionsError {
  const where = path === null ? "" : ` (see \`${path}\`)`;
  return new OrgConnectionsError("invalid-state", {
    happened: `The state of this resource does not have the format that this package writes${where}. Nothing was done.`,
    advice:
      `Restore an earlier state of the stack. Alternatively, remove the resource from the state with ` +
      `\`pulumi state delete\`, and declare it with \`adopt: true\`.`,
  });
}

/** Removes the top-level properties that are `null`, because the engine passes `null` for a property without a value. */
function removeNulls(state: unknown): unknown {
  if (!isObject(state) || !Object.values(state).includes(null)) return state;
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}
