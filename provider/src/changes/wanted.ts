import { definedOnly } from "../lifecycle/records.js";
import { SET_TYPE } from "../stack/type-tokens.js";
import type { Sharing } from "./change.js";
import { organization, sourceOf } from "./held.js";
import { isUntold, toldText, typesOf } from "./sharing.js";
import type { ResourceState } from "./step.js";

/** A connection that the program wants. */
export interface Wanted {
  sharing: Sharing;
  adopt: boolean;
  reason?: string;
  protect: boolean;
  /** A set whose destinations the preview does not tell: how many there are is not known. */
  isOpen: boolean;
}

/** The connections that a resource wants, by its checked inputs. */
export function wantedBy(state: ResourceState | undefined): Wanted[] {
  if (!state) return [];
  const { inputs, protect } = state;
  const { connections, sinkOrgId, connectionTypes } = inputs;
  const common = { adopt: inputs["adopt"] === true, reason: toldText(inputs["reason"]), protect };
  const source = isUntold(inputs["source"]) ? {} : sourceOf(undefined, undefined, toldText(inputs["source"]));
  const one = (
    sink: unknown,
    types: Pick<Sharing, "connectionTypes" | "openTypes">,
    isOpen = false,
  ): Wanted =>
    definedOnly<Wanted>({
      ...common,
      isOpen,
      sharing: { source, sink: organization(toldText(sink)), ...types },
    });
  if (state.type !== SET_TYPE) return [one(sinkOrgId, typesOf(connectionTypes))];
  if (isUntold(connections)) return [one(undefined, typesOf(connections), true)];
  return Object.entries((connections ?? {}) as Record<string, unknown>).map(([sink, types]) =>
    one(sink, typesOf(types)),
  );
}
