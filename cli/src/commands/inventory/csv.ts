import { stringify } from "csv-stringify/sync";
import type { Inventory, InventoryRow } from "../../live/inventory.js";
import { escapeInvisible, formatSentence } from "datadog-org-connections-core/api/invisible.js";
import { managedBy, managerOf, sorted, titleOf, UNREAD } from "./cells.js";

/** The rows, then what is not live, then what was not checked or not read: a hole is a row too. */
export function asCsv(inventory: Inventory): string {
  const records = [
    ...sorted(inventory).map((row) => ({
      status: "live",
      source: row.source?.name,
      source_id: row.source?.id,
      sink: row.sink?.name,
      sink_id: row.sink?.id,
      types: row.connectionTypes.join(" "),
      created_at: row.createdAt,
      age_days: row.ageDays,
      creator: row.createdBy?.name ?? row.createdBy?.handle,
      creator_email: row.createdBy?.email,
      creator_id: row.createdBy?.id,
      creator_kind: kindOf(row),
      managed_by: managedBy(row, inventory),
      seen_from: row.seenFrom.join(" "),
      id: row.id,
    })),
    ...inventory.missing.map((one) => ({
      status: "not live",
      source: one.sourceOrgName,
      source_id: one.sourceOrgId,
      sink: one.sinkOrgName,
      sink_id: one.sinkOrgId,
      managed_by: managerOf(one.managedBy),
      id: one.id,
    })),
    ...inventory.organizations.flatMap((one) =>
      one.checked ? [] : [{ status: "not checked", source: titleOf(one), note: formatSentence(one.reason) }],
    ),
    ...inventory.unreadable.map((one) => ({
      status: "not read",
      managed_by: managerOf(one),
      note: UNREAD,
    })),
  ];
  // What begins like a formula gets a quote in front: a spreadsheet then shows it and does not run it.
  return stringify(records.map(escapeFields), { header: true, columns: COLUMNS, escape_formulas: true });
}

function escapeFields(record: Record<string, string | number | undefined>) {
  return Object.fromEntries(
    Object.entries(record).map(([column, value]) => [
      column,
      typeof value === "string" && column !== "note" ? escapeInvisible(value) : value,
    ]),
  );
}

const COLUMNS = [
  ...["status", "source", "source_id", "sink", "sink_id", "types", "created_at", "age_days", "creator"],
  ...["creator_email", "creator_id", "creator_kind", "managed_by", "seen_from", "id", "note"],
];

function kindOf({ createdBy }: InventoryRow): string {
  if (createdBy?.serviceAccount === undefined) return "";
  return createdBy.serviceAccount ? "service account" : "person";
}
