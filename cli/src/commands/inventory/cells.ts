import type { Party } from "datadog-org-connections-core/api/parse.js";
import type { Inventory, InventoryRow, Manager } from "../../live/inventory.js";
import type { LookedAt } from "../../live/read-live.js";
import { NOT_READ } from "../../stack/managed.js";

/** An organization as reports call it. */
export const titleOf = ({ names, name, id }: Pick<LookedAt, "names" | "name" | "id">): string => {
  const known = name ?? id;
  return known === undefined ? names.join(", ") : `${names.join(", ")} (${known})`;
};

/** One end of a connection. */
export const partyOf = (party: Party | undefined): string => party?.name ?? party?.id ?? "not told";

/** Who made a connection. */
export function creatorOf({ createdBy }: InventoryRow): string {
  if (!createdBy) return "not told";
  const { name, handle, email, id, serviceAccount } = createdBy;
  return `${name ?? handle ?? email ?? id}${serviceAccount === true ? " (service account)" : ""}`;
}

/** A resource that manages a connection, and its stack. */
export const managerOf = ({ stack, resource }: Manager): string => `${stack}: ${resource}`;

/** All that manage a connection. */
export function managedBy({ managedBy: managers }: InventoryRow, { statesGiven }: Inventory): string {
  if (!statesGiven) return "not known";
  return managers.length === 0 ? "none" : managers.map(managerOf).join(", ");
}

/** One after the other by source and sink, as a reader looks for them. */
export function sorted({ rows }: Inventory): InventoryRow[] {
  const key = ({ source, sink, id }: InventoryRow) => [partyOf(source), partyOf(sink), id].join("\u0000");
  return rows
    .map((row) => ({ row, key: key(row) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}

/** Of a resource in a state, of which not all could be read. */
export const UNREAD = `${NOT_READ}. Connections listed as unmanaged may belong to it.`;
