import type { Connection } from "../api/parse.js";
import { findKnownOrganizations, type KnownOrganizations } from "../operation/known-organizations.js";
import { formatPairKey, type OperationContext } from "../operation/operation-context.js";
import { buildState } from "./build-state.js";
import { UNKNOWN, type Inputs, type State } from "./types.js";

/** A state in a preview. Each property whose value is not certain is {@link UNKNOWN}. */
export type Planned<T> = { [K in keyof T]: T[K] | typeof UNKNOWN };

/** A planned create. */
interface PlannedCreate {
  /** The ID of a connection that the create will adopt. */
  connectionId?: string;
  state: Planned<State>;
}

/** Plans a create, with the results of the preview checks. Sends no request. */
export async function planCreate(context: OperationContext, inputs: Inputs): Promise<PlannedCreate> {
  const known = await findKnownOrganizations(context, inputs.source);
  const adopted = context.adoptions.get(formatPairKey(inputs.source, inputs.sinkOrgId));
  return adopted
    ? { connectionId: adopted.id, state: planAdoption(inputs, adopted, known) }
    : { state: planNewState(inputs, known) };
}

/** Plans an update, which keeps the connection. Pure. */
export function planUpdate(connectionId: string, olds: State, inputs: Inputs): Planned<State> {
  // The unknown source may turn out to be another organization. Then the connection is replaced, so nothing of `olds` is certain.
  if (inputs.source === UNKNOWN) return planNewState(inputs, { names: new Map() });
  const { createdAt, connectionTypes: before } = olds;
  const connectionTypes = inputs.connectionTypes ?? before;
  return replaceUnknownTypes(buildState(inputs, { id: connectionId, connectionTypes, createdAt }, olds));
}

/** Builds the state of a connection that does not exist yet. Pure. */
function planNewState(inputs: Inputs, { callerId, names }: KnownOrganizations): Planned<State> {
  const { connectionTypes, ...others } = inputs;
  return replaceUnknownTypes({
    ...others,
    // Datadog chooses unspecified types.
    connectionTypes: connectionTypes ?? UNKNOWN,
    typesUnspecified: connectionTypes ? undefined : true,
    sourceOrgId: callerId ?? UNKNOWN,
    sourceOrgName: names.get(callerId ?? "") ?? UNKNOWN,
    sinkOrgName: names.get(inputs.sinkOrgId) ?? UNKNOWN,
    createdAt: UNKNOWN,
    createdBy: UNKNOWN,
  });
}

function planAdoption(inputs: Inputs, adopted: Connection, { callerId }: KnownOrganizations): Planned<State> {
  const connectionTypes = inputs.connectionTypes ?? adopted.connectionTypes;
  const state = buildState(inputs, { ...adopted, connectionTypes }, { sourceOrgId: callerId });
  return replaceUnknownTypes({ ...state, sourceOrgId: state.sourceOrgId ?? UNKNOWN });
}

/** Types are sorted, so one unknown type makes the position of each type unknown. */
const replaceUnknownTypes = (state: Planned<State>): Planned<State> => ({
  ...state,
  connectionTypes: planTypes(state.connectionTypes),
});

/** Returns the types, or `UNKNOWN` if they are or one of them is unknown. `includes` is also true for the string `UNKNOWN` itself. */
export const planTypes = (types: string[] | typeof UNKNOWN): string[] | typeof UNKNOWN =>
  types.includes(UNKNOWN) ? UNKNOWN : types;

/**
 * Marks the inputs that are completely unknown as such. The checked inputs have another value in their place: an unknown flag counts as
 * true, and an unknown list has one element.
 */
export function markUnknowns<T extends object>(
  values: T,
  given: Readonly<Record<string, unknown>>,
): { [K in keyof T]: T[K] | typeof UNKNOWN } {
  const unknowns = Object.keys(given).filter((name) => given[name] === UNKNOWN);
  return { ...values, ...Object.fromEntries(unknowns.map((name) => [name, UNKNOWN])) };
}
