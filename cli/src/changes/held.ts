import * as v from "valibot";
import { definedOnly } from "datadog-org-connections-core/connection/records.js";
import { readResource, typesTold, type ManagedConnection } from "../stack/managed.js";
import { identify, nameOf, type Form, type UnreadableResource } from "../stack/resources.js";
import { toldText } from "../stack/told.js";
import type { Organization, Sharing } from "./change.js";
import { recordedTypes } from "./sharing.js";
import type { ResourceState } from "./step.js";

/** A connection that a resource holds. */
export interface Held {
  /** UUID of the connection. */
  id: string;
  form: Form;
  sharing: Sharing;
  createdAt?: string;
  /** UUID of the user. */
  createdBy?: string;
  /** Its types are left to Datadog. */
  isUnmanaged: boolean;
  /** A set is exclusive, and never declared it. */
  isStranger: boolean;
  isUnreadable?: never;
}

/** Connections that a resource holds, and of which nothing but their source can be read: any number of them. */
export interface UnreadableHeld {
  id?: never;
  form: Form;
  sharing: Sharing;
  createdAt?: never;
  createdBy?: never;
  isUnmanaged: false;
  isStranger: false;
  isUnreadable: true;
}

/** All that a resource holds. */
export interface Holdings {
  connections: Held[];
  /** There, where the connections are not all: the resource, and what stands for the rest. */
  unreadable?: { resource: UnreadableResource; held: UnreadableHeld };
}

/** What a resource holds by its state, the strangers of an exclusive set among the connections. */
export function heldBy(urn: string, { type, outputs, ...state }: ResourceState): Holdings {
  const own = identify({ urn, type }) ?? { urn, name: nameOf(urn), form: "single" };
  const { connections, unreadable } = readResource(own, { outputs, ...state });
  const source = sourceIn(outputs);
  const strangers = own.form === "set" ? strangersIn(outputs, source) : [];
  return {
    connections: [...connections.map((one) => heldOf(one, source)), ...(strangers ?? [])],
    ...((unreadable || !strangers) && { unreadable: { resource: own, held: unreadableOf(own, source) } }),
  };
}

function heldOf(one: ManagedConnection, source: Organization): Held {
  const { id, form, createdAt, createdBy, connectionTypes, unmanagedTypes } = one;
  return definedOnly<Held>({
    id,
    form,
    createdAt,
    createdBy,
    isUnmanaged: unmanagedTypes,
    isStranger: false,
    sharing: {
      source,
      sink: organization(one.sinkOrgId, one.sinkOrgName),
      ...recordedTypes(connectionTypes),
    },
  });
}

const unreadableOf = ({ form }: UnreadableResource, source: Organization): UnreadableHeld => ({
  form,
  isUnmanaged: false,
  isStranger: false,
  isUnreadable: true,
  // That it names no source does not make it the default one, where nothing of it can be read.
  sharing: {
    source: source.id === undefined && source.alias === undefined ? {} : source,
    sink: {},
    ...recordedTypes(undefined),
  },
});

const strangers = v.object({
  connections: v.fallback(v.record(v.string(), v.unknown()), {}),
  strangers: v.optional(v.record(v.string(), v.pipe(v.unknown(), v.transform(toldText), v.string())), {}),
});

/** The strangers of a set; none where they cannot be read. */
function strangersIn(outputs: Record<string, unknown>, source: Organization): Held[] | undefined {
  const parsed = v.safeParse(strangers, outputs);
  if (!parsed.success) return undefined;
  const { connections } = parsed.output;
  return Object.entries(parsed.output.strangers).map(([sinkOrgId, id]) => ({
    id,
    form: "set" as const,
    isUnmanaged: false,
    isStranger: true,
    sharing: { source, sink: organization(sinkOrgId), ...recordedTypes(typesTold(connections[sinkOrgId])) },
  }));
}

/** The source that the outputs of a resource tell. */
export function sourceIn({ source, sourceOrgId, sourceOrgName }: Record<string, unknown>): Organization {
  const [id, name, alias] = [toldText(sourceOrgId), toldText(sourceOrgName), toldText(source)];
  const isTold = source === undefined || source === null || alias !== undefined;
  return isTold ? sourceOf(id, name, alias) : organization(id, name);
}

/** A source: without a name in the program it is the organization of the default keys. */
export function sourceOf(id?: string, name?: string, alias?: string): Organization {
  return alias === undefined ? { ...organization(id, name), isDefault: true } : organization(id, name, alias);
}

/** An organization of what is told of it. */
export function organization(id?: string, name?: string, alias?: string): Organization {
  return definedOnly({ id: toldText(id)?.toLowerCase(), name: toldText(name), alias: toldText(alias) });
}
