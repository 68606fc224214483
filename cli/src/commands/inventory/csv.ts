import { stringify } from "csv-stringify/sync";
import { UNVERIFIED_REASON, type Inventory, type InventoryRow } from "../../live/inventory.js";
import { escapeInvisible, formatSentence } from "datadog-org-connections-core/text/escape-text.js";
import { formatManagedBy, formatOwner, sortRows, formatOrganization, NOT_READ_NOTE } from "./cells.js";

/**
 * Formats one row for each item, in this order: live connections, missing connections, organizations that were not checked,
 * resources that were not read completely, and connections that were not verified.
 */
export function formatCsv(inventory: Inventory): string {
  const records = [
    ...sortRows(inventory).map((row) => ({
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
      creator_kind: formatCreatorKind(row),
      managed_by: formatManagedBy(row, inventory),
      listed_by: row.listedBy.join(" "),
      id: row.id,
    })),
    ...inventory.missing.map((connection) => ({
      status: "not live",
      source: connection.sourceOrgName,
      source_id: connection.sourceOrgId,
      sink: connection.sinkOrgName,
      sink_id: connection.sinkOrgId,
      managed_by: formatOwner(connection.managedBy),
      id: connection.id,
    })),
    ...inventory.organizations.flatMap((organization) =>
      organization.checked
        ? []
        : [
            {
              status: "not checked",
              source: formatOrganization(organization),
              note: formatSentence(organization.reason),
            },
          ],
    ),
    ...inventory.unreadable.map((resource) => ({
      status: "not read",
      managed_by: formatOwner(resource),
      note: NOT_READ_NOTE,
    })),
    ...inventory.unverified.map(({ id, managedBy }) => ({
      status: "not verified",
      managed_by: formatOwner(managedBy),
      id,
      note: `${UNVERIFIED_REASON}.`,
    })),
  ];
  // A value that begins like a formula gets a leading apostrophe, so that a spreadsheet shows the value and does not run it.
  return stringify(records.map(escapeFields), { header: true, columns: COLUMNS, escape_formulas: true });
}

/** Escapes all fields except the note. A note is a sentence of this package, and its untrusted parts are already escaped. */
function escapeFields(record: Record<string, string | number | undefined>) {
  return Object.fromEntries(
    Object.entries(record).map(([column, value]) => [
      column,
      typeof value === "string" && column !== "note" ? escapeInvisible(value) : value,
    ]),
  );
}

const COLUMNS = [
  "status",
  "source",
  "source_id",
  "sink",
  "sink_id",
  "types",
  "created_at",
  "age_days",
  "creator",
  "creator_email",
  "creator_id",
  "creator_kind",
  "managed_by",
  "listed_by",
  "id",
  "note",
];

function formatCreatorKind({ createdBy }: InventoryRow): string {
  if (createdBy?.serviceAccount === undefined) return "";
  return createdBy.serviceAccount ? "service account" : "person";
}
