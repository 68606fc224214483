import type { ManagedConnection } from "./managed.js";
import {
  formatResourceRef,
  getResourceKey,
  mayBeOneResource,
  ONE_WORKSPACE_ADVICE,
  type ResourceRef,
} from "./resources.js";
import { formatCount } from "../shared/text.js";

/**
 * Formats the connections that more than one resource manages, one line for each connection. If the owners may be one resource in
 * several files of one workspace, there is one line for each combination of files instead.
 */
export function formatMultipleOwners(connections: readonly ManagedConnection[]): string[] {
  const byId = new Map<string, Map<string, ResourceRef>>();
  for (const connection of connections) {
    const id = connection.id.toLowerCase();
    const owners = byId.get(id) ?? new Map<string, ResourceRef>();
    byId.set(id, owners.set(getResourceKey(connection), connection));
  }
  const lines: string[] = [];
  const addressesByFiles = new Map<string, string[]>();
  for (const [id, ownersByKey] of byId) {
    const owners = [...ownersByKey.values()];
    if (owners.length < 2) continue;
    if (mayBeOneResource(owners)) {
      const files = owners
        .map(({ location }) => location)
        .toSorted()
        .join(", ");
      addressesByFiles.set(files, [...(addressesByFiles.get(files) ?? []), owners[0]?.address ?? ""]);
    } else lines.push(formatCertainOwners(id, owners));
  }
  return [
    ...lines,
    ...[...addressesByFiles].map(([files, addresses]) => formatSameAddresses(files, addresses)),
  ];
}

const formatCertainOwners = (id: string, owners: readonly ResourceRef[]): string =>
  `MANAGED TWICE: ${id}: ${owners.map(formatResourceRef).toSorted().join(", ")}. If one of them deletes the connection, it is ` +
  "deleted for all. Remove all but one of these resources from their states, without deleting the connection.";

const formatSameAddresses = (files: string, addresses: readonly string[]): string =>
  `POSSIBLY MANAGED TWICE: ${files}: ${formatCount(addresses.length, "resource")} with the same address and the same connection ` +
  `(such as ${addresses[0] ?? ""}). ${ONE_WORKSPACE_ADVICE}`;
