import * as v from "valibot";
import type { Connection } from "../api/parse.js";
import {
  listTypeChanges,
  type ChangeDetail,
  flag,
  listInputs,
  optionalBoolean,
  optionalString,
  pick,
  selectSchemas,
  text,
  type FieldTable,
} from "./field.js";
import {
  connectionTypesSchema,
  hasSameTypes,
  parseResourceInputs,
  savedTypesSchema,
  sinkOrgIdSchema,
  sourceSchema,
  type ParsedInputs,
} from "./inputs.js";
import type { Inputs, State } from "./types.js";

/** What `diff` has found out about the change of a connection. */
interface ConnectionChange {
  isReplaced: boolean;
}

/**
 * The properties of a connection. If `aliases` moved the resource from another provider, that provider has written the state. The
 * state then contains the destination and the types in the case and order of the program. So their schemas convert both to lower case,
 * and sort the types.
 */
export const FIELDS = {
  source: { ...text, input: v.optional(sourceSchema), savedInput: v.optional(sourceSchema) },
  sinkOrgId: {
    input: sinkOrgIdSchema,
    savedInput: sinkOrgIdSchema,
    state: v.pipe(v.string(), v.toLowerCase()),
    isStable: true,
  },
  connectionTypes: {
    input: v.optional(connectionTypesSchema),
    savedInput: v.optional(savedTypesSchema),
    state: v.pipe(
      v.array(v.pipe(v.string(), v.toLowerCase())),
      v.transform((types) => types.sort()),
    ),
    comparison: { hasChanged: hasChangedTypes, explain: listSpecifiedTypeChanges },
  },
  typesUnspecified: { state: optionalBoolean },
  adopt: { ...flag, isStateOnly: true },
  reason: { ...text, isStateOnly: true },
  sourceOrgId: { state: optionalString, isStable: true },
  sourceOrgName: { state: optionalString },
  sinkOrgName: { state: optionalString },
  createdAt: { state: v.string(), isStable: true },
  createdBy: { state: optionalString, isStable: true },
} satisfies FieldTable<Inputs, State, Inputs, ConnectionChange>;

/** The inputs that a program declares for a connection. */
export const inputsSchema = v.object(selectSchemas(FIELDS, "input"));
const savedInputsSchema = v.object(selectSchemas(FIELDS, "savedInput"));
export const stateSchema = v.object(selectSchemas(FIELDS, "state"));
/** The names of the inputs. */
export const INPUTS = listInputs(FIELDS);

/**
 * Normalizes and validates the inputs of a program, so that a preview ignores the order of types, and the case of types and UUIDs.
 * Unknown values are valid.
 */
export const normalizeInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<Inputs> =>
  parseResourceInputs(inputsSchema, raw, "OrgConnection");

/**
 * Normalizes and validates inputs that `check` has accepted or a read has returned. Their list of types may be empty, unlike the
 * list in a program.
 */
export const normalizeSavedInputs = (raw: Readonly<Record<string, unknown>>): ParsedInputs<Inputs> =>
  parseResourceInputs(savedInputsSchema, raw, "OrgConnection");

/**
 * If the program declares no types, drift and the removal of the input are not changes. If the state has unspecified types, declared
 * types are a change, even if they equal the live types.
 */
function hasChangedTypes(olds: State, { connectionTypes: types }: Inputs): boolean {
  return (
    types !== undefined && (!hasSameTypes(types, olds.connectionTypes) || olds.typesUnspecified === true)
  );
}

/** Lists the changes of the types. An update without `connectionTypes` does not change the types. */
function listSpecifiedTypeChanges(
  olds: State,
  { connectionTypes: after }: Inputs,
  { isReplaced }: ConnectionChange,
): ChangeDetail[] {
  const { connectionTypes: before } = deriveInputs(olds);
  // In a replacement without specified types, Datadog chooses the types of the new connection.
  if (!after) return before && isReplaced ? [{ path: ["connectionTypes"], kind: "delete" }] : [];
  return before
    ? listTypeChanges(["connectionTypes"], before, after)
    : [{ path: ["connectionTypes"], kind: "add" }];
}

/** The properties of a state that are no inputs, and the types, which a state always has. None may be missing. */
export type Outputs = {
  [Name in Exclude<keyof State, keyof Inputs> | "connectionTypes"]: State[Name];
};

/**
 * Builds the state of a live connection. Takes values that `live` lacks from `fallback`. The response to an update has no names
 * (`wire.ts`), and every response may omit relationships (https://docs.datadoghq.com/api/latest/org-connections/).
 */
export function buildState(
  inputs: Inputs,
  live: Connection,
  fallback: Partial<Pick<State, "sourceOrgId" | "sourceOrgName" | "sinkOrgName" | "createdBy">> = {},
): State {
  const { connectionTypes: specifiedTypes, ...otherInputs } = inputs;
  const outputs = {
    connectionTypes: live.connectionTypes,
    typesUnspecified: specifiedTypes ? undefined : true,
    sourceOrgId: live.source?.id ?? fallback.sourceOrgId,
    sourceOrgName: live.source?.name ?? fallback.sourceOrgName,
    sinkOrgName: live.sink?.name ?? fallback.sinkOrgName,
    createdAt: live.createdAt,
    createdBy: live.createdBy?.id ?? fallback.createdBy,
  } satisfies Outputs;
  return { ...otherInputs, ...outputs };
}

/**
 * Derives the inputs from the state. If the types are specified, the inputs contain the live types, so that drift shows as a
 * difference.
 */
export const deriveInputs = (state: State): Inputs => ({
  ...pick(state, INPUTS),
  connectionTypes: state.typesUnspecified === true ? undefined : state.connectionTypes,
});
