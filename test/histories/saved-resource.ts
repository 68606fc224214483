/** A resource in the state: a single connection or a set. */
import type { State, SetState, Inputs, SetInputs } from "../../core/src/index.js";

/** One resource of the state. */
export interface SavedResource {
  id: string;
  inputs: Inputs | SetInputs;
  outputs: State | SetState;
  /** Partially completed: the engine runs an update at the next `up` in any case. */
  isPartial?: boolean;
}

/** One connection that a resource in the state manages. */
export interface SavedConnection {
  id: string;
  sinkOrgId: string;
  types: readonly string[];
}

export const isSetState = (outputs: State | SetState): outputs is SetState => "members" in outputs;

/** Lists the connections that the resource manages. */
export function listSavedConnections({
  id,
  outputs,
}: Pick<SavedResource, "id" | "outputs">): SavedConnection[] {
  if (!isSetState(outputs)) return [{ id, sinkOrgId: outputs.sinkOrgId, types: outputs.connectionTypes }];
  return Object.entries(outputs.members).map(([sinkOrgId, member]) => ({
    id: member.id,
    sinkOrgId,
    types: outputs.connections[sinkOrgId] ?? [],
  }));
}

/** The undeclared connections that an exclusive set found, by destination. */
export function getUndeclared({ outputs }: Pick<SavedResource, "outputs">): Record<string, string> {
  return isSetState(outputs) ? (outputs.undeclared ?? {}) : {};
}
