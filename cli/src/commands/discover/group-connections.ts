import { parseTypes, hasSameTypes } from "datadog-org-connections-core/connection/inputs.js";
import { createCheckedFilter, type LiveConnections, type LiveConnection } from "../../live/read-live.js";
import type { ManagedConnections, ManagedConnection } from "../../stack/managed.js";
import { isSameResource, type ResourceRef } from "../../stack/resources.js";
import { groupFormerConnections, type FormerOwner, type FormerState } from "./former-connections.js";
import type { SourceNames } from "./source-names.js";

/** The inputs of a draft. */
export interface DraftInputs {
  live: LiveConnections;
  sourceNames: SourceNames;
  /** What the stacks already manage. */
  managed: ManagedConnections;
  /** The state whose connections move. If present, only the connections of this state are declared. */
  from?: FormerState;
}

/** A live connection that the program declares. */
export interface DraftConnection {
  sourceId: string;
  sinkId: string;
  row: LiveConnection;
  /** The resource that manages the connection in the state of `--from`. */
  owner?: FormerOwner;
}

/**
 * Groups the connections: those that the program declares and, for each reason, those that the program omits.
 *
 * @param needsTypes - whether the program must declare the types of each connection, as in a set
 */
export function groupConnections({ live, sourceNames, managed, from }: DraftInputs, needsTypes: boolean) {
  const former = from && groupFormerConnections(from);
  const managedById = new Map<string, ManagedConnection[]>();
  for (const one of [...managed.connections, ...(former?.alreadyMoved ?? [])]) {
    const id = one.id.toLowerCase();
    managedById.set(id, [...(managedById.get(id) ?? []), one]);
  }
  const groups = {
    declared: [] as DraftConnection[],
    managed: [] as ManagedConnection[],
    inbound: [] as LiveConnection[],
    incomplete: [] as LiveConnection[],
    undeclarable: [] as LiveConnection[],
    /** Connections that the state of `--from` does not manage. */
    elsewhere: [] as LiveConnection[],
  };
  const repeatedIds = new Set(former?.repeated.flatMap((all) => all.map(({ id }) => id.toLowerCase())));
  const uncheckedNames = new Set(live.organizations.flatMap((one) => (one.checked ? [] : [one.names[0]])));
  for (const row of live.connections) {
    const { source, sink, listedBy } = row;
    // The result has this connection in `repeated`.
    if (repeatedIds.has(row.id)) continue;
    const owner = former?.owners.get(row.id);
    // `--stack` and `--from` may be the same state. A connection is not "already managed" by the resource that it moves from.
    const alreadyManaged = managedById.get(row.id)?.find((one) => !owner || !isSameResource(one, owner));
    if (alreadyManaged) groups.managed.push(alreadyManaged);
    else if (former && !owner) groups.elsewhere.push(row);
    else if (!source || !sink) groups.incomplete.push(row);
    else if (!sourceNames.has(source.id)) {
      // The connection is inbound if a checked organization lists it. A checked destination is found by its ID, because a name in
      // `listedBy` may be that of a checked organization in one stack and of an unchecked one in another. If only unchecked
      // organizations list the connection, one of them may be its source. A remark already names them.
      if (sourceNames.has(sink.id) || !listedBy.every((name) => uncheckedNames.has(name)))
        groups.inbound.push(row);
    } else if (needsTypes && !getDeclarableTypes(row)) groups.undeclarable.push(row);
    else groups.declared.push({ sourceId: source.id, sinkId: sink.id, row, ...(owner && { owner }) });
  }
  const unlisted = findUnlisted(live, former?.owners);
  return {
    ...groups,
    ...unlisted,
    remaining: from ? listRemaining(from, [...groups.declared, ...unlisted.gone]) : [],
    repeated: former?.repeated ?? [],
    unreadable: [...managed.unreadable, ...(from?.unreadable ?? [])],
    unchecked: live.organizations.filter(({ checked }) => !checked),
  };
}

/**
 * Lists the resources that have to stay in the state of `--from`: all except the owners of `settled` connections.
 *
 * @param settled - the connections that move or are gone
 */
function listRemaining(
  { connections, unreadable }: FormerState,
  settled: readonly { owner?: FormerOwner }[],
): ResourceRef[] {
  const owners = new Set<ResourceRef | undefined>(settled.map(({ owner }) => owner));
  return [...connections.filter((one) => !owners.has(one)), ...unreadable];
}

/** A connection of the state of `--from` that is gone: no list shows it, although one of its organizations was checked. */
export interface GoneConnection {
  owner: FormerOwner;
  /** The live connection of the same pair, which has another ID. */
  recreated?: LiveConnection;
}

/** Finds the connections of `owners` that no list shows: those that are gone, and those that may be live. */
function findUnlisted(
  { organizations, connections }: LiveConnections,
  owners: ReadonlyMap<string, FormerOwner> = new Map(),
): { gone: GoneConnection[]; possiblyLive: FormerOwner[] } {
  const liveIds = new Set(connections.map(({ id }) => id));
  const isOfCheckedOrganization = createCheckedFilter(organizations);
  const unlisted = [...owners].flatMap(([id, owner]) => (liveIds.has(id) ? [] : [owner]));
  const findRecreated = (owner: FormerOwner) =>
    connections.find(
      ({ source, sink }) =>
        source &&
        sink &&
        source.id === owner.sourceOrgId?.toLowerCase() &&
        sink.id === owner.sinkOrgId?.toLowerCase(),
    );
  return {
    gone: unlisted.filter(isOfCheckedOrganization).map((owner) => {
      const recreated = findRecreated(owner);
      return { owner, ...(recreated && { recreated }) };
    }),
    possiblyLive: unlisted.filter((owner) => !isOfCheckedOrganization(owner)),
  };
}

/** Returns the live types, or undefined if a program cannot declare exactly these types. */
export function getDeclarableTypes({ connectionTypes }: LiveConnection): string[] | undefined {
  const declared = parseTypes(connectionTypes);
  return declared && hasSameTypes(declared, connectionTypes) ? connectionTypes : undefined;
}
