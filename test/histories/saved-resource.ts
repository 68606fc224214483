/** A resource in the state: a single connection or a set. */
import type { State, SetState, Inputs, SetInputs } from "../../core/src/index.js";

/** One resource of the state. */
export interface SavedResource {
  id: string;
  inputs: Inputs | SetInputs;
  outputs: State | SetState;
  /** Partially completed: the engine runs an update at the next `up` in any case. */
  isPartial?: boolean;
  /** A resource of `@pulumi/datadog`, until an alias moves it to the resource of the same name. */
  isOfficial?: true;
}

/** One connection that a resource in the state manages. */
export interface SavedConnection {
  id: string;
  sinkOrgId: string;
  types: readonly string[];
}

export const isSetState = (outputs: State | SetState): outputs is SetState => "members" in outputs;

/** The resource as `@pulumi/datadog` stores it, if it is a single connection. */
export function toOfficial({ id, inputs, outputs }: SavedResource): SavedResource | undefined {
  if (isSetState(outputs) || "connections" in inputs) return undefined;
  const { sourceOrgId, sourceOrgName, sinkOrgName, createdAt, createdBy } = outputs;
  const declared = { sinkOrgId: outputs.sinkOrgId, connectionTypes: outputs.connectionTypes };
  const computed = { sourceOrgId, sourceOrgName, sinkOrgName, createdAt, createdBy };
  return { id, inputs: declared, outputs: { ...declared, ...computed }, isOfficial: true };
}

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
