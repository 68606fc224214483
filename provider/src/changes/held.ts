import * as v from "valibot";
import { definedOnly } from "../lifecycle/records.js";
import { connectionsOf } from "../stack/managed.js";
import { SET_TYPE } from "../stack/type-tokens.js";
import type { Organization, Sharing } from "./change.js";
import { isUntold } from "./sharing.js";
import type { ResourceState } from "./step.js";

/** A connection that a resource holds. */
export interface Held {
  /** UUID of the connection. */
  id: string;
  form: "single" | "set";
  sharing: Sharing;
  createdAt?: string;
  /** UUID of the user. */
  createdBy?: string;
  /** Its types are left to Datadog. */
  isUnmanaged: boolean;
  /** A set is exclusive, and never declared it. */
  isStranger: boolean;
}

const text = v.fallback(v.optional(v.string()), undefined);
const strangersOf = v.object({
  source: text,
  sourceOrgId: text,
  sourceOrgName: text,
  connections: v.fallback(v.record(v.string(), v.array(v.string())), {}),
  strangers: v.fallback(v.record(v.string(), v.string()), {}),
});

/** The connections that a resource holds by its state, the strangers of an exclusive set among them. */
export function heldBy(urn: string, state: ResourceState | undefined): Held[] {
  if (!state) return [];
  const members = connectionsOf({ ...state, urn }).map((one): Held => {
    const { id, createdAt, createdBy, connectionTypes, source, sourceOrgId, sourceOrgName } = one;
    return definedOnly<Held>({
      id,
      form: one.form,
      createdAt,
      createdBy,
      isUnmanaged: one.unmanagedTypes,
      isStranger: false,
      sharing: {
        source: sourceOf(sourceOrgId, sourceOrgName, source),
        sink: organization(one.sinkOrgId, one.sinkOrgName),
        connectionTypes: connectionTypes.filter((type) => !isUntold(type)),
      },
    });
  });
  return state.type === SET_TYPE ? [...members, ...strangersIn(state)] : members;
}

function strangersIn(state: ResourceState): Held[] {
  const parsed = v.safeParse(strangersOf, state.outputs);
  if (!parsed.success) return [];
  const { source, sourceOrgId, sourceOrgName, connections, strangers } = parsed.output;
  return Object.entries(strangers).map(([sinkOrgId, id]) => ({
    id,
    form: "set" as const,
    isUnmanaged: false,
    isStranger: true,
    sharing: {
      source: sourceOf(sourceOrgId, sourceOrgName, source),
      sink: organization(sinkOrgId),
      connectionTypes: (connections[sinkOrgId] ?? []).toSorted(),
    },
  }));
}

/** A source: without a name in the program it is the organization of the default keys. */
export function sourceOf(id?: string, name?: string, alias?: string): Organization {
  return alias === undefined ? { ...organization(id, name), isDefault: true } : organization(id, name, alias);
}

/** An organization of what is told of it; a mark in place of a value tells nothing. */
export function organization(id?: string, name?: string, alias?: string): Organization {
  const told = (value: string | undefined) => (isUntold(value) ? undefined : value);
  return definedOnly({ id: told(id)?.toLowerCase(), name: told(name), alias: told(alias) });
}
