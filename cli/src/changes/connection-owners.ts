import { formatResourceRef, getResourceKey, type ResourceRef } from "../stack/resources.js";
import type { ComputedChange } from "./change.js";
import type { SharedData } from "./shared-data.js";
import { readResourceConnections } from "./resource-connections.js";
import type { OrganizationDirectory } from "./organization-directory.js";
import { canHandOver } from "./former-owners.js";
import type { ConnectionTransition } from "./connection-transitions.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import type { ResourceState, StateResource } from "../stack/resource-state.js";

/** A connection that more than one resource manages. A resource that deletes it counts. A resource that releases it does not. */
export interface MultiOwnerConnection {
  connectionId: string;
  shared: SharedData;
  /** Sorted by location and name. */
  owners: ResourceRef[];
}

/** The owners of one connection, in the states and previews. */
interface ConnectionOwners {
  connectionId: string;
  shared: SharedData;
  /** By {@link getOwnerKey}. A leftover of an interrupted replacement is a separate owner with the same address. */
  ownersByKey: Map<string, ResourceRef>;
}

/**
 * For each change that deletes a connection, adds the other resources that manage the connection and do not delete it. Also lists
 * the connections with several owners. An owner that {@link canHandOver} accepts prevents the deletion: see
 * {@link Change.retainedBy}. Other owners do not: see {@link Change.otherOwners}.
 *
 * @param state - the resources in the states. `timelines` has the resources in the previews
 * @param handedOver - the transitions whose current connection is adopted by another resource, or by the replacement of the same
 *   resource
 */
export function addOwners(
  changes: readonly ComputedChange[],
  {
    timelines,
    state,
    handedOver,
    adoptedLeftovers,
  }: {
    timelines: readonly ResourceTimeline[];
    state: readonly StateResource[];
    handedOver: readonly Pick<ConnectionTransition, "timeline" | "current">[];
    adoptedLeftovers: readonly ComputedChange[];
  },
  directory: OrganizationDirectory,
): { changes: ComputedChange[]; multiOwnerConnections: MultiOwnerConnection[] } {
  const owners = groupOwners(listOwners(timelines, state), directory);
  const deletingOwnerKeys = groupOwnerKeys(changes.filter(isDeletion));
  const releasingOwnerKeys = groupOwnerKeys(changes.filter(({ kind }) => kind === "release"));
  for (const [id, keys] of releasingOwnerKeys)
    for (const key of keys) owners.get(id)?.ownersByKey.delete(key);
  const handedOverKeys = new Set([
    ...handedOver.map(({ timeline, current }) =>
      formatKey(current?.id, getOwnerKey(timeline.resource, false)),
    ),
    ...adoptedLeftovers.map((one) => formatKey(one.connectionId, getOwnerKey(one, true))),
  ]);
  for (const change of changes) addAdopter(change, owners, { deletingOwnerKeys, handedOverKeys });
  const addRemaining = (change: ComputedChange): ComputedChange => {
    if (!isDeletion(change)) return change;
    const id = change.connectionId?.toLowerCase() ?? "";
    const remaining = [...(owners.get(id)?.ownersByKey ?? [])]
      .filter(([key]) => deletingOwnerKeys.get(id)?.has(key) !== true)
      .map(([, owner]) => owner)
      .toSorted(compareOwners);
    const deleting = change.formerOwner ?? change;
    const retaining = remaining.filter((owner) => canHandOver(deleting, owner));
    const others = [
      ...(change.otherOwners ?? []),
      ...remaining.filter((owner) => !canHandOver(deleting, owner)),
    ];
    return {
      ...change,
      ...(retaining.length > 0 && { retainedBy: retaining.map(({ name }) => name) }),
      ...(others.length > 0 && {
        otherOwners: [...new Map(others.map((one) => [getResourceKey(one), one])).values()],
      }),
    };
  };
  return {
    changes: changes.map(addRemaining),
    multiOwnerConnections: [...owners.values()]
      .filter(({ ownersByKey }) => ownersByKey.size > 1)
      .map(({ ownersByKey, ...connection }) => ({
        ...connection,
        owners: [...ownersByKey.values()].toSorted(compareOwners),
      })),
  };
}

/** Groups the owner keys of the changed resources by connection. */
function groupOwnerKeys(changes: readonly ComputedChange[]): Map<string, Set<string>> {
  const byId = new Map<string, Set<string>>();
  for (const change of changes) {
    const id = change.connectionId?.toLowerCase() ?? "";
    byId.set(id, (byId.get(id) ?? new Set()).add(getOwnerKey(change, change.because === "leftover")));
  }
  return byId;
}

/** Adds the resource of a change to the owners, if it adopts a connection that another owner continues to manage. */
function addAdopter(
  { kind, connectionId, resource: name, tool, form, location, address, provider }: ComputedChange,
  owners: ReadonlyMap<string, ConnectionOwners>,
  {
    deletingOwnerKeys,
    handedOverKeys,
  }: { deletingOwnerKeys: ReadonlyMap<string, Set<string>>; handedOverKeys: ReadonlySet<string> },
): void {
  const id = connectionId?.toLowerCase();
  const group = id === undefined || kind !== "adopt" ? undefined : owners.get(id);
  const isManaged = [...(group?.ownersByKey.keys() ?? [])].some(
    (key) => deletingOwnerKeys.get(id ?? "")?.has(key) !== true && !handedOverKeys.has(formatKey(id, key)),
  );
  const adopter = { name, tool, form, location, address, provider };
  if (isManaged) group?.ownersByKey.set(getOwnerKey(adopter, false), adopter);
}

const formatKey = (id: string | undefined, ownerKey: string): string =>
  JSON.stringify([id?.toLowerCase(), ownerKey]);

const compareOwners = (a: ResourceRef, b: ResourceRef): number =>
  formatResourceRef(a) < formatResourceRef(b) ? -1 : 1;

/** Whether a change deletes a known connection. */
const isDeletion = (
  change: ComputedChange,
): change is Extract<ComputedChange, { kind: "delete" | "replace" }> =>
  change.connectionId !== undefined && (change.kind === "delete" || change.kind === "replace");

interface Owner extends StateResource {
  isLeftover: boolean;
}

/**
 * Lists the owners of all connections. In a preview, the property `delete` of a state does not prove a leftover. The engine also
 * sets `delete` on the old resource of a replacement.
 */
function listOwners(timelines: readonly ResourceTimeline[], state: readonly StateResource[]): Owner[] {
  const toOwners = (resource: ResourceRef, isLeftover: boolean) => (state: ResourceState | undefined) =>
    state ? [{ resource, state, isLeftover }] : [];
  return [
    ...timelines.flatMap(({ resource, refreshedState, priorState, leftovers }) => [
      ...[refreshedState, priorState].flatMap(toOwners(resource, false)),
      ...leftovers.flatMap((one) => toOwners(one.resource, true)(one.state)),
    ]),
    ...state.flatMap((one) => toOwners(one.resource, one.state.delete)(one.state)),
  ];
}

function groupOwners(
  owners: readonly Owner[],
  directory: OrganizationDirectory,
): Map<string, ConnectionOwners> {
  const byId = new Map<string, ConnectionOwners>();
  for (const { resource, state, isLeftover } of owners) {
    const name = isLeftover ? `${resource.name} (left behind)` : resource.name;
    for (const { id, shared, isUndeclared } of readResourceConnections({ resource, state }).connections) {
      if (isUndeclared) continue;
      const key = id.toLowerCase();
      const group: ConnectionOwners = byId.get(key) ?? {
        connectionId: id,
        shared: directory.resolveEnds(shared),
        ownersByKey: new Map(),
      };
      // The first `ResourceRef` of an owner is used. Owners in previews come first: the state may name an outdated provider.
      const ownerKey = getOwnerKey(resource, isLeftover);
      if (!group.ownersByKey.has(ownerKey)) group.ownersByKey.set(ownerKey, { ...resource, name });
      byId.set(key, group);
    }
  }
  return byId;
}

const getOwnerKey = (resource: Pick<ResourceRef, "location" | "address">, isLeftover: boolean): string =>
  JSON.stringify([getResourceKey(resource), isLeftover]);
