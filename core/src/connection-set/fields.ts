import * as v from "valibot";
import { isObject } from "../text/data.js";
import { identifier } from "../api/parse.js";
import {
  listTypeChanges,
  type ChangeDetail,
  flag,
  listInputs,
  listSingleValues,
  optionalString,
  pick,
  selectSchemas,
  type FieldTable,
} from "../connection/field.js";
import { FIELDS } from "../connection/fields.js";
import {
  connectionTypesSchema,
  hasSameTypes,
  parseResourceInputs,
  savedTypesSchema,
  sinkOrgIdSchema,
  type ParsedInputs,
} from "../connection/inputs.js";
import { UNKNOWN, type Inputs } from "../connection/types.js";
import type { PlannedSetInputs, SetChange, SetInputs, SetState } from "./types.js";

const NOT_AN_OBJECT = `must be an object with the UUID of each destination and its types, such as { "4dee724d-…": ["logs"] }.`;
const NO_TYPES = "has no types. List at least one type: a set manages the types of each destination.";

/**
 * Creates the schema of `connections`. The schema validates each destination and its types as for a single connection, but requires
 * the types. It sorts the destinations by UUID.
 */
const createConnectionsSchema = (typesSchema: typeof connectionTypesSchema | typeof savedTypesSchema) =>
  v.pipe(
    v.custom<Record<string, unknown> | typeof UNKNOWN>(
      (given) => given === UNKNOWN || isObject(given),
      NOT_AN_OBJECT,
    ),
    v.rawTransform(({ dataset: { value: given }, addIssue }): PlannedSetInputs["connections"] => {
      if (given === UNKNOWN) return UNKNOWN;
      const parsed = new Map<string, string[]>();
      for (const [sink, declared] of Object.entries(given)) {
        const refuse = (message: string) =>
          addIssue({
            message,
            path: [{ type: "unknown", origin: "value", input: given, key: sink, value: declared }],
          });
        const id = v.safeParse(sinkOrgIdSchema, sink, { abortPipeEarly: true });
        const parsedTypes = v.safeParse(typesSchema, declared, { abortPipeEarly: true });
        if (!parsedTypes.success) refuse(declared == null ? NO_TYPES : parsedTypes.issues[0].message);
        if (!id.success) {
          refuse(id.issues[0].message);
          continue;
        }
        if (parsed.has(id.output)) refuse("is listed more than once.");
        parsed.set(id.output, parsedTypes.success ? parsedTypes.output : []);
      }
      return Object.fromEntries([...parsed].sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  );

/** One connection of a set, without its types. */
const memberSchema = v.object({
  id: identifier,
  sinkOrgName: optionalString,
  createdAt: v.string(),
  createdBy: optionalString,
});

/** The properties of a set. Those that a single connection has too are the same. */
export const SET_FIELDS = {
  source: FIELDS.source,
  connections: {
    input: createConnectionsSchema(connectionTypesSchema),
    savedInput: createConnectionsSchema(savedTypesSchema),
    state: v.record(v.string(), v.array(v.string())),
    comparison: { hasChanged: hasChangedConnections, explain: listConnectionChanges },
  },
  exclusive: flag,
  adopt: FIELDS.adopt,
  reason: FIELDS.reason,
  members: { state: v.record(v.string(), memberSchema) },
  undeclared: { state: v.optional(v.record(v.string(), identifier)) },
  sourceOrgId: { state: v.string(), isStable: true },
  sourceOrgName: FIELDS.sourceOrgName,
} satisfies FieldTable<PlannedSetInputs, SetState, PlannedSetInputs, SetChange>;

/** The inputs that a program declares for a set. */
export const setInputsSchema = v.object(selectSchemas(SET_FIELDS, "input"));
const savedSetInputsSchema = v.object(selectSchemas(SET_FIELDS, "savedInput"));
export const setStateSchema = v.object(selectSchemas(SET_FIELDS, "state"));

const ALL_FIELDS = { ...FIELDS, ...SET_FIELDS };
/** The inputs of a connection or a set that are a string. */
export const TEXT_INPUTS = listSingleValues(ALL_FIELDS, "text");
/** The inputs of a connection or a set that are a boolean. */
export const FLAG_INPUTS = listSingleValues(ALL_FIELDS, "flag");

/** Normalizes and validates the inputs of a set. */
export const normalizeSetInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<PlannedSetInputs> =>
  parseResourceInputs(setInputsSchema, raw, "OrgConnectionSet");

/**
 * Normalizes and validates inputs that check has accepted or a read has returned. A read may return an empty list of types. Check
 * refuses an empty list in the inputs of a program.
 */
export const normalizeSavedSetInputs = (
  raw: Readonly<Record<string, unknown>>,
): ParsedInputs<PlannedSetInputs> => parseResourceInputs(savedSetInputsSchema, raw, "OrgConnectionSet");

/** Whether the destinations are known. */
export const hasKnownConnections = (planned: PlannedSetInputs): planned is SetInputs =>
  planned.connections !== UNKNOWN;

/** Lists the destinations. Returns an empty list for unknown destinations or undefined inputs. */
export const listSinks = (planned: PlannedSetInputs | undefined): string[] =>
  planned && hasKnownConnections(planned) ? Object.keys(planned.connections) : [];

/** Converts one destination of a set to the inputs of a single connection. */
export const toConnectionInputs = (
  { source, connections, adopt, reason }: SetInputs,
  sinkOrgId: string,
): Inputs =>
  ({
    source,
    sinkOrgId,
    connectionTypes: connections[sinkOrgId] ?? [],
    adopt,
    reason,
  }) satisfies Record<keyof Inputs, unknown>;

/**
 * Derives the inputs from the state. The inputs contain all connections in the state with their live types, so that drift shows as
 * a difference.
 */
export const deriveSetInputs = (state: SetState): SetInputs => ({
  ...pick(state, listInputs(SET_FIELDS)),
  connections: { ...state.connections },
});

/** Whether the inputs have a destination without a member, or different types for a member. Unknown destinations are a change. */
export function hasChangedConnections(olds: SetState, inputs: PlannedSetInputs): boolean {
  if (!hasKnownConnections(inputs)) return true;
  return Object.entries(inputs.connections).some(
    ([sink, types]) => !olds.members[sink] || !hasSameTypes(types, olds.connections[sink] ?? []),
  );
}

function listConnectionChanges(
  olds: SetState,
  inputs: PlannedSetInputs,
  { deletions, sinksOfDeletedMembers }: SetChange,
): ChangeDetail[] {
  if (!hasKnownConnections(inputs)) return [{ path: ["connections"], kind: "update" }];
  const declared = Object.entries(inputs.connections).flatMap(([sink, types]): ChangeDetail[] => {
    const path = ["connections", sink];
    // A deleted member must be created again.
    if (!olds.members[sink] || sinksOfDeletedMembers.includes(sink)) return [{ path, kind: "add" }];
    return listTypeChanges(path, olds.connections[sink] ?? [], types);
  });
  const deleted = deletions.map(({ sink }): ChangeDetail => ({
    path: ["connections", sink],
    kind: "delete",
  }));
  return [...declared, ...deleted];
}

/** Matches `*`, `connections`, or one destination in `connections`, and captures the destination. */
const PATH = /^(?:\*|(?:connections|\["connections"\])(?:(?:\.|\["?)([^."[\]]+)(?:"?\])?)?)$/;

/**
 * Parses a property path in the resource option `ignoreChanges` of a set.
 *
 * @param path - such as `connections["4dee724d-…"]`, `connections` or `*`
 * @returns the ignored destination in lower case, `*` for all connections, or undefined if the path ignores no whole connection
 */
export function parseIgnoredSink(path: string): string | undefined {
  const found = PATH.exec(path);
  return found ? (found[1]?.toLowerCase() ?? "*") : undefined;
}
