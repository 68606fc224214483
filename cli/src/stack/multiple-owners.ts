import type { ManagedConnection } from "./managed.js";
import {
  formatResourceRef,
  getResourceKey,
  isPlugin,
  mayBeOneResource,
  ONE_WORKSPACE_ADVICE,
  type ResourceRef,
} from "./resources.js";
import type { Remark } from "../shared/remark.js";
import { formatCount } from "../shared/text.js";

/**
 * Reports the connections that several resources manage, with one remark for each connection. Connections whose owners may be one
 * resource ({@link mayBeOneResource}) share one remark for each combination of files.
 */
export function reportMultipleOwners(connections: readonly ManagedConnection[]): Remark[] {
  const byId = new Map<string, Map<string, ResourceRef>>();
  for (const connection of connections) {
    const id = connection.id.toLowerCase();
    const owners = byId.get(id) ?? new Map<string, ResourceRef>();
    byId.set(id, owners.set(getResourceKey(connection), connection));
  }
  const remarks: Remark[] = [];
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
    } else remarks.push(createCertainRemark(id, owners));
  }
  return [
    ...remarks,
    ...[...addressesByFiles].map(([files, addresses]) => createPossibleRemark(files, addresses)),
  ];
}

/** Formats an owner. Marks a resource of the plugin, because a dynamic resource may have the same name. */
const formatOwner = (owner: ResourceRef): string =>
  `${formatResourceRef(owner)}${isPlugin(owner) ? " (plugin)" : ""}`;

const createCertainRemark = (id: string, owners: readonly ResourceRef[]): Remark => ({
  label: "MANAGED TWICE",
  text:
    `${id}: ${owners.map(formatOwner).toSorted().join(", ")}. If one of them deletes the connection, it is ` +
    "deleted for all. Remove all but one of these resources from their states, without deleting the connection.",
});

const createPossibleRemark = (files: string, [address = "", ...others]: readonly string[]): Remark => ({
  label: "POSSIBLY MANAGED TWICE",
  text:
    `${files}: ${formatCount(others.length + 1, `resource (${address}) is`, `resources (such as ${address}) are`)} in each of these ` +
    `files. ${others.length === 0 ? "It" : "Each"} has the same address and the same connection in all of them. ${ONE_WORKSPACE_ADVICE}`,
});
