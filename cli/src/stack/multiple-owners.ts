import type { ManagedConnection } from "./managed.js";
import { formatResourceRef, getResourceKey, type ResourceRef } from "./resources.js";

/** Formats what is managed by more than one resource, one line for each connection. */
export function formatMultipleOwners(connections: readonly ManagedConnection[]): string[] {
  const byId = new Map<string, Map<string, ResourceRef>>();
  for (const connection of connections) {
    const id = connection.id.toLowerCase();
    const owners = byId.get(id) ?? new Map<string, ResourceRef>();
    byId.set(id, owners.set(getResourceKey(connection), connection));
  }
  return [...byId].flatMap(([id, owners]) => {
    if (owners.size < 2) return [];
    const names = [...owners.values()].map(formatResourceRef).toSorted().join(", ");
    return [
      `MANAGED TWICE: ${id}: ${names}. If one of them deletes the connection, it is deleted for all. Remove all but one of these ` +
        "resources from their states, without deleting the connection.",
    ];
  });
}
