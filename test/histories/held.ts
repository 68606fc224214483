/** What the state holds of a resource, whichever its kind. */
import type { Recorded, RecordedSet, Wanted, WantedSet } from "../../core/src/index.js";

/** One resource of the state. */
export interface Held {
  id: string;
  inputs: Wanted | WantedSet;
  outputs: Recorded | RecordedSet;
  /** Done in part: the engine asks for an update at the next `up`, whatever the difference. */
  isPartial?: boolean;
}

/** One connection that a resource of the state holds. */
export interface HeldRow {
  id: string;
  sinkOrgId: string;
  types: readonly string[];
}

export const isSetOutputs = (outputs: Recorded | RecordedSet): outputs is RecordedSet => "members" in outputs;

/** Every connection that the resource holds. */
export function heldRows({ id, outputs }: Pick<Held, "id" | "outputs">): HeldRow[] {
  if (!isSetOutputs(outputs)) return [{ id, sinkOrgId: outputs.sinkOrgId, types: outputs.connectionTypes }];
  return Object.entries(outputs.members).map(([sinkOrgId, member]) => ({
    id: member.id,
    sinkOrgId,
    types: outputs.connections[sinkOrgId] ?? [],
  }));
}

/** Connections of others that an exclusive set has shown, by destination. */
export function shownStrangers({ outputs }: Pick<Held, "outputs">): Record<string, string> {
  return isSetOutputs(outputs) ? (outputs.strangers ?? {}) : {};
}
