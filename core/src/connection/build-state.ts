import type { Connection } from "../api/parse.js";
import type { Inputs, State } from "./types.js";

/**
 * Builds the state of a live connection. Values that the response lacks are copied from `before`: the response to an update
 * has no names, and relationships are optional.
 */
export function buildState(
  inputs: Inputs,
  live: Connection,
  before: Partial<Pick<State, "sourceOrgId" | "sourceOrgName" | "sinkOrgName" | "createdBy">> = {},
): State {
  const { connectionTypes: specifiedTypes, ...otherInputs } = inputs;
  return {
    ...otherInputs,
    connectionTypes: live.connectionTypes,
    typesUnspecified: specifiedTypes ? undefined : true,
    sourceOrgId: live.source?.id ?? before.sourceOrgId,
    sourceOrgName: live.source?.name ?? before.sourceOrgName,
    sinkOrgName: live.sink?.name ?? before.sinkOrgName,
    createdAt: live.createdAt,
    createdBy: live.createdBy?.id ?? before.createdBy,
  };
}

/** Derives the inputs from the state, with the live types if the program specifies types, so drift shows as a difference. */
export function deriveInputs(state: State): Inputs {
  const { source, sinkOrgId, connectionTypes, typesUnspecified, adopt, reason } = state;
  return {
    source,
    sinkOrgId,
    connectionTypes: typesUnspecified === true ? undefined : connectionTypes,
    adopt,
    reason,
  };
}
