import { getResourceKey, type ResourceRef } from "../stack/resources.js";
import type { Change } from "./change.js";
import type { SharedData } from "./shared-data.js";
import { readResourceConnections } from "./resource-connections.js";
import type { OrganizationDirectory } from "./organization-directory.js";
import type { ResourceTimeline } from "./resource-timeline.js";
import type { StateResource } from "../stack/resource-state.js";
import type { ResourceState } from "../stack/resource-state.js";

/** A connection that more than one resource manages. */
export interface MultiOwnerConnection {
  connectionId: string;
  shared: SharedData;
  /** The names of its owners, sorted. */
  owners: string[];
}

interface ConnectionOwners {
  connectionId: string;
  shared: SharedData;
  /** By {@link getOwnerKey}: what an interrupted replacement left behind is a separate owner with the same address. */
  ownersByKey: Map<string, ResourceRef>;
}

/**
 * Finds the owners of each connection in the state, and the changes that delete a connection which another resource
 * retains. Without `--target` the provider knows all owners and retains the connection. With `--target` the engine shows
 * the provider only the targeted resources, and the connection is deleted.
 *
 * @param state - the resources in the stack's state; `timelines` has what the preview shows of them
 */
export function addOwners(
  changes: readonly Change[],
  { timelines, state }: { timelines: readonly ResourceTimeline[]; state: readonly StateResource[] },
  directory: OrganizationDirectory,
): { changes: Change[]; multiOwnerConnections: MultiOwnerConnection[] } {
  const owners = groupOwners(listOwners(timelines, state), directory);
  const deletingOwnerKeys = new Map<string, Set<string>>();
  for (const change of changes) {
    if (!isDeleted(change)) continue;
    const id = change.connectionId?.toLowerCase() ?? "";
    const key = getOwnerKey(change, change.because === "leftover");
    deletingOwnerKeys.set(id, (deletingOwnerKeys.get(id) ?? new Set()).add(key));
  }
  const listRetainingResources = (change: Change): string[] => {
    const id = change.connectionId?.toLowerCase() ?? "";
    if (!isDeleted(change)) return [];
    const others = [...(owners.get(id)?.ownersByKey ?? [])].filter(
      ([key]) => deletingOwnerKeys.get(id)?.has(key) !== true,
    );
    return others.map(([, { name }]) => name).toSorted();
  };
  return {
    changes: changes.map((change) => {
      const retainedBy = listRetainingResources(change);
      return retainedBy.length === 0 ? change : { ...change, retainedBy };
    }),
    multiOwnerConnections: [...owners.values()]
      .filter(({ ownersByKey }) => ownersByKey.size > 1)
      .map(({ ownersByKey, ...connection }) => ({
        ...connection,
        owners: [...ownersByKey.values()].map(({ name }) => name).toSorted(),
      })),
  };
}

const isDeleted = ({ kind, connectionId }: Change): boolean =>
  connectionId !== undefined && (kind === "delete" || kind === "replace");

interface Owner extends StateResource {
  isLeftover: boolean;
}

/** Lists the owners. In a step, `delete` proves no leftover: the engine also sets it on the old resource of a replacement. */
function listOwners(timelines: readonly ResourceTimeline[], state: readonly StateResource[]): Owner[] {
  const toOwners = (resource: ResourceRef, isLeftover: boolean) => (state: ResourceState | undefined) =>
    state ? [{ resource, state, isLeftover }] : [];
  return [
    ...timelines.flatMap(({ resource, live, priorState, leftovers }) => [
      ...[live, priorState].flatMap(toOwners(resource, false)),
      ...leftovers.flatMap(toOwners(resource, true)),
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
      group.ownersByKey.set(getOwnerKey(resource, isLeftover), { ...resource, name });
      byId.set(key, group);
    }
  }
  return byId;
}

const getOwnerKey = (resource: Pick<ResourceRef, "location" | "address">, isLeftover: boolean): string =>
  JSON.stringify([getResourceKey(resource), isLeftover]);
