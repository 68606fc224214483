import type { Connection } from "../api/parse.js";
import { findKnownOrganizations, type KnownOrganizations } from "../operation/preview-snapshot.js";
import type { OperationContext } from "../operation/operation-context.js";
import { buildState, type Outputs } from "./fields.js";
import { UNKNOWN, type Inputs, type State } from "./types.js";

/**
 * A state, or a part of a state, in a preview. A property whose value is not certain is {@link UNKNOWN}. An
 * exception is an unknown flag, which is true until {@link markUnknowns} replaces it.
 */
export type Planned<T> = { [K in keyof T]: T[K] | typeof UNKNOWN };

interface PlannedCreate {
  /**
   * The ID of the connection that the create will adopt, according to the preview checks. Missing if the checks expect no adoption
   * or did not run.
   */
  connectionId?: string;
  state: Planned<State>;
}

/** Plans a create. Uses the results of the preview checks, and sends no request. */
export async function planCreate(context: OperationContext, inputs: Inputs): Promise<PlannedCreate> {
  const known = await findKnownOrganizations(context, inputs.source);
  const adopted = context.ledger.findAdoption(inputs.source, inputs.sinkOrgId);
  return adopted
    ? { connectionId: adopted.id, state: planAdoption(inputs, adopted, known) }
    : { state: planNewState(inputs, known) };
}

/** Plans an update. Pure. */
export function planUpdate(connectionId: string, olds: State, inputs: Inputs): Planned<State> {
  // The unknown source may turn out to be another organization. Then the connection is replaced, so no value of `olds` is certain.
  if (inputs.source === UNKNOWN) return planNewState(inputs, { names: new Map() });
  const { createdAt, connectionTypes: before } = olds;
  const connectionTypes = inputs.connectionTypes ?? before;
  return replaceUnknownTypes(buildState(inputs, { id: connectionId, connectionTypes, createdAt }, olds));
}

/**
 * Plans the state of a new connection. Covers a create without adoption, and an update that may turn out to be a replacement. Pure.
 */
function planNewState(inputs: Inputs, { callerId, names }: KnownOrganizations): Planned<State> {
  const { connectionTypes, ...others } = inputs;
  const outputs = {
    // If the types are unspecified, Datadog chooses them.
    connectionTypes: connectionTypes ?? UNKNOWN,
    typesUnspecified: connectionTypes ? undefined : true,
    sourceOrgId: callerId ?? UNKNOWN,
    sourceOrgName: names.get(callerId ?? "") ?? UNKNOWN,
    sinkOrgName: names.get(inputs.sinkOrgId) ?? UNKNOWN,
    createdAt: UNKNOWN,
    createdBy: UNKNOWN,
  } satisfies Planned<Outputs>;
  return replaceUnknownTypes({ ...others, ...outputs });
}

function planAdoption(inputs: Inputs, adopted: Connection, { callerId }: KnownOrganizations): Planned<State> {
  const connectionTypes = inputs.connectionTypes ?? adopted.connectionTypes;
  const state = buildState(inputs, { ...adopted, connectionTypes }, { sourceOrgId: callerId });
  return replaceUnknownTypes({ ...state, sourceOrgId: state.sourceOrgId ?? UNKNOWN });
}

const replaceUnknownTypes = (state: Planned<State>): Planned<State> => ({
  ...state,
  connectionTypes: planTypes(state.connectionTypes),
});

/**
 * Returns the types, or `UNKNOWN` if a type is unknown. Types are sorted, so one unknown type makes all positions unknown.
 * `includes` is also true for the string `UNKNOWN` itself.
 */
export const planTypes = (types: string[] | typeof UNKNOWN): string[] | typeof UNKNOWN =>
  types.includes(UNKNOWN) ? UNKNOWN : types;

/**
 * Restores {@link UNKNOWN} for each input that is unknown as a whole. The schemas have converted an unknown flag to true, and an
 * unknown list of types to a list with one element.
 *
 * @param values - the parsed inputs, or the state that was planned from them
 * @param given - the inputs before parsing
 */
export function markUnknowns<T extends object>(
  values: T,
  given: Readonly<Record<string, unknown>>,
): { [K in keyof T]: T[K] | typeof UNKNOWN } {
  const unknowns = Object.keys(given).filter((name) => given[name] === UNKNOWN);
  return { ...values, ...Object.fromEntries(unknowns.map((name) => [name, UNKNOWN])) };
}
