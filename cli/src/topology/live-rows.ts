import type { InventoryRow } from "../live/inventory.js";
import type { ConnectionRow } from "./build-topology.js";

/** Converts live connections, with the stacks that manage them, to rows of a topology. */
export function toLiveRows(rows: readonly InventoryRow[]): ConnectionRow[] {
  return rows.map(({ id, source, sink, connectionTypes, createdAt, createdBy, managedBy }) => {
    const creator = createdBy?.name ?? createdBy?.handle ?? createdBy?.id;
    return {
      id,
      // Each unknown organization gets a unique ID, so that unknown organizations are not merged.
      source: source ?? { id: `source of ${id}`, name: "unknown" },
      sink: sink ?? { id: `sink of ${id}`, name: "unknown" },
      types: connectionTypes,
      createdAt,
      ...(creator !== undefined && { createdBy: creator }),
      managedBy: managedBy.map(({ location }) => location),
    };
  });
}
