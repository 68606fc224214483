import type { Party } from "datadog-org-connections-core/api/parse.js";
import type { Inventory, InventoryRow, Owner } from "../../live/inventory.js";
import type { OrganizationStatus } from "../../live/read-live.js";
import { formatResourceRef, UNREADABLE_REASON } from "../../stack/resources.js";

/** Formats the configured names of an organization and, if known, its name or UUID in Datadog: `payments (Acme Payments)`. */
export const formatOrganization = ({
  names,
  name,
  id,
}: Pick<OrganizationStatus, "names" | "name" | "id">): string => {
  const known = name ?? id;
  return known === undefined ? names.join(", ") : `${names.join(", ")} (${known})`;
};

/** Formats the source or destination of a connection. */
export const formatParty = (party: Party | undefined): string => party?.name ?? party?.id ?? "unknown";

/** Formats the creator of a connection: `Kim Berg`, `CI (service account)`. */
export function formatCreator({ createdBy }: InventoryRow): string {
  if (!createdBy) return "unknown";
  const { name, handle, email, id, serviceAccount } = createdBy;
  return `${name ?? handle ?? email ?? id}${serviceAccount === true ? " (service account)" : ""}`;
}

/** Formats a resource that manages a connection, with its stack or file. */
export const formatOwner = ({ location, resource }: Owner): string =>
  formatResourceRef({ location, name: resource });

/**
 * Formats all resources that manage a connection. Returns `unknown` if no state was given, and `none` for an unmanaged connection.
 */
export function formatManagedBy({ managedBy: owners }: InventoryRow, { hasStates }: Inventory): string {
  if (!hasStates) return "unknown";
  return owners.length === 0 ? "none" : owners.map(formatOwner).join(", ");
}

/** Sorts the rows by source, destination and ID. */
export function sortRows({ rows }: Inventory): InventoryRow[] {
  const getKey = ({ source, sink, id }: InventoryRow) =>
    [formatParty(source), formatParty(sink), id].join("\u0000");
  return rows
    .map((row) => ({ row, key: getKey(row) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}

/** The note about a resource if the state does not show all of its connections. */
export const NOT_READ_NOTE = `${UNREADABLE_REASON}. Connections listed as unmanaged may belong to this resource.`;
