import { holdingOf, type ManagedConnection } from "../stack/managed.js";
import type { ResourceState, Types } from "../stack/resource-state.js";
import type { Form, UnreadableResource } from "../stack/resources.js";
import { toldOf, type Shown } from "../stack/told.js";
import { NOT_TOLD, type Organization, type Sharing } from "./sharing.js";

/** A connection that a resource holds. */
export interface Held {
  /** UUID of the connection. */
  id: string;
  form: Form;
  sharing: Sharing;
  createdAt?: string | undefined;
  /** UUID of the user. */
  createdBy?: string | undefined;
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
  unreadable?: { resource: UnreadableResource; held: UnreadableHeld } | undefined;
}

/** What a resource holds by its state, the strangers of an exclusive set among the connections. */
export function heldBy(urn: string, state: ResourceState): Holdings {
  const { own, connections, isWhole } = holdingOf(urn, state);
  const source = sourceOf(state.outputs);
  const strangers = own.form === "set" ? strangersOf(state.outputs, source) : [];
  const isAllRead = isWhole && strangers !== undefined;
  return {
    connections: [...connections.map((one) => heldOf(one, source)), ...(strangers ?? [])],
    unreadable: isAllRead ? undefined : { resource: own, held: unreadableOf(own, source) },
  };
}

function heldOf(one: ManagedConnection, source: Organization): Held {
  const { id, form, createdAt, createdBy, connectionTypes, unmanagedTypes } = one;
  return {
    id,
    form,
    createdAt,
    createdBy,
    isUnmanaged: unmanagedTypes,
    isStranger: false,
    sharing: {
      source,
      sink: organizationOf({ id: one.sinkOrgId, name: one.sinkOrgName }),
      ...allOrNone(connectionTypes),
    },
  };
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
    ...NOT_TOLD,
  },
});

/** The strangers of a set; none where they cannot be read. */
function strangersOf(
  { strangers, connections }: ResourceState["outputs"],
  source: Organization,
): Held[] | undefined {
  if (strangers === null) return undefined;
  const held: Held[] = [];
  for (const [sinkOrgId, id] of Object.entries(strangers)) {
    if (id === undefined) return undefined;
    const sharing = { source, sink: organizationOf({ id: sinkOrgId }), ...allOrNone(connections[sinkOrgId]) };
    held.push({ id, form: "set", isUnmanaged: false, isStranger: true, sharing });
  }
  return held;
}

/** The types of a state: all of them, or none that is told. */
const allOrNone = (connectionTypes: string[] | undefined): Types =>
  connectionTypes ? { connectionTypes } : NOT_TOLD;

/** What is told of a source: without a name in the program it is the organization of the default keys. */
export function sourceOf({
  source,
  sourceOrgId: id,
  sourceOrgName: name,
}: {
  source?: Shown<string>;
  sourceOrgId?: string | undefined;
  sourceOrgName?: string | undefined;
}): Organization {
  if (source === undefined) return { ...organizationOf({ id, name }), isDefault: true };
  return organizationOf({ id, name, alias: toldOf(source) });
}

/** An organization of what is told of it. */
export const organizationOf = ({ id, ...names }: Organization): Organization => ({
  id: id?.toLowerCase(),
  ...names,
});
