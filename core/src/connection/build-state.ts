import type { Connection } from "../api/parse.js";
import type { Inputs, State } from "./types.js";

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
  return {
    ...otherInputs,
    connectionTypes: live.connectionTypes,
    typesUnspecified: specifiedTypes ? undefined : true,
    sourceOrgId: live.source?.id ?? fallback.sourceOrgId,
    sourceOrgName: live.source?.name ?? fallback.sourceOrgName,
    sinkOrgName: live.sink?.name ?? fallback.sinkOrgName,
    createdAt: live.createdAt,
    createdBy: live.createdBy?.id ?? fallback.createdBy,
  };
}

/**
 * Derives the inputs from the state. If the types are specified, the inputs contain the live types, so that drift shows as a
 * difference.
 */
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
