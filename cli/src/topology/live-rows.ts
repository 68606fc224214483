import type { InventoryRow } from "../live/inventory.js";
import type { ConnectionRow } from "./rows.js";

/** What is live, and the stacks that manage it, as rows of a picture. */
export function liveRows(rows: readonly InventoryRow[]): ConnectionRow[] {
  return rows.map(({ id, source, sink, connectionTypes, createdAt, createdBy, managedBy }) => {
    const creator = createdBy?.name ?? createdBy?.handle ?? createdBy?.id;
    return {
      id,
      // One that the API does not tell stands apart from all others.
      source: source ?? { id: `source of ${id}`, name: "not told" },
      sink: sink ?? { id: `sink of ${id}`, name: "not told" },
      types: connectionTypes,
      createdAt,
      ...(creator !== undefined && { createdBy: creator }),
      managedBy: managedBy.map(({ stack }) => stack),
    };
  });
}
