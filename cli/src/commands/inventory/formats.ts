import { UNVERIFIED_REASON, type Inventory, type InventoryRow, type Owner } from "../../live/inventory.js";
import { escapeInvisible, formatSentence, joinLines } from "datadog-org-connections-core/text/escape-text.js";
import { formatRemark, type Remark, formatJson, formatCount } from "../../shared/text.js";
import { escapeMarkdown, formatMarkdownTable } from "../../shared/markdown.js";
import { renderTable } from "../../shared/table.js";
import type { Party } from "datadog-org-connections-core/api/parse.js";
import type { OrganizationStatus } from "../../live/read-live.js";
import { formatResourceRef, UNREADABLE_REASON } from "../../stack/resources.js";

export type Format = "table" | "csv" | "json" | "markdown";

/** Formats the inventory. The result ends with a line feed. */
export async function formatInventory(inventory: Inventory, format: Format): Promise<string> {
  switch (format) {
    case "table":
      return formatTable(inventory);
    case "markdown":
      return formatMarkdown(inventory);
    case "json":
      return `${formatJson(toJson(inventory), 2)}\n`;
    case "csv":
      return formatCsv(inventory);
  }
}

const HEAD = ["Source", "Destination", "Types", "Days", "Creator", "Managed by", "ID"];

const formatRows = (inventory: Inventory): string[][] =>
  sortRows(inventory).map((row) => [
    formatParty(row.source),
    formatParty(row.sink),
    row.connectionTypes.join(", "),
    row.ageDays === undefined ? "" : String(row.ageDays),
    formatCreator(row),
    formatManagedBy(row, inventory),
    row.id,
  ]);

/** How a format escapes a name, and a sentence that may contain names. */
interface TextFormat {
  name: (text: string) => string;
  sentence: (text: string) => string;
}

const PLAIN: TextFormat = { name: escapeInvisible, sentence: formatSentence };
/** The maximum length of a sentence in Markdown, in characters: enough for a complete error message with its advice. */
const MAX_SENTENCE_LENGTH = 2000;
const MARKDOWN: TextFormat = {
  name: escapeMarkdown,
  sentence: (text) => escapeMarkdown(joinLines(text), MAX_SENTENCE_LENGTH),
};

/** Lists the remarks: counts, what was not checked, not read or not verified, multiple owners, and what is not live. */
export function listRemarks(inventory: Inventory, { name, sentence }: TextFormat = PLAIN): Remark[] {
  const { rows, organizations, hasStates, missing, unreadable, unverified, multipleOwners } = inventory;
  const unmanaged = rows.filter((row) => row.managedBy.length === 0).length;
  const checkedCount = organizations.filter(({ checked }) => checked).length;
  return [
    {
      text: `${formatCount(rows.length, "connection")}. Checked: ${checkedCount} of ${formatCount(organizations.length, "organization")}.`,
    },
    {
      text: hasStates
        ? `Not managed by any given state: ${unmanaged}.`
        : "It is unknown which connections are managed, because neither --stack nor --state was given.",
    },
    ...organizations.flatMap((organization) =>
      organization.checked
        ? []
        : [
            {
              label: "NOT CHECKED",
              text: `${name(formatOrganization(organization))}: ${sentence(organization.reason)}`,
            },
          ],
    ),
    ...unreadable.map((resource) => ({
      label: "NOT READ",
      text: `${name(formatOwner(resource))}: ${NOT_READ_NOTE}`,
    })),
    ...unverified.map(({ id, managedBy: owner }) => ({
      label: "NOT VERIFIED",
      text: `${name(formatOwner(owner))} (${name(id)}): ${UNVERIFIED_REASON}.`,
    })),
    ...multipleOwners.map((remark) => ({ ...remark, text: sentence(remark.text) })),
    ...(checkedCount < organizations.length
      ? [{ text: "To find out why an organization was not checked, run `datadog-org-connections doctor`." }]
      : []),
    ...missing.map(({ id, managedBy: owner, sinkOrgName, sinkOrgId }) => ({
      label: "NOT LIVE",
      text: `${name(formatOwner(owner))} (connection ${name(id)} to ${name(sinkOrgName ?? sinkOrgId ?? "an unidentified organization")}) exists only in the state.`,
    })),
  ];
}

function formatTable(inventory: Inventory): string {
  const rows = formatRows(inventory).map((row) => row.map(escapeInvisible));
  const head = HEAD.map((title) => title.toUpperCase());
  const remarks = listRemarks(inventory).map(formatRemark);
  return [...(rows.length > 0 ? [renderTable(head, rows), ""] : []), ...remarks, ""].join("\n");
}

function formatMarkdown(inventory: Inventory): string {
  const rows = formatRows(inventory);
  return [
    "## Organization connections",
    "",
    ...listRemarks(inventory, MARKDOWN).map(({ label, text }) =>
      label === undefined ? `- ${text}` : `- **${label}:** ${text}`,
    ),
    "",
    ...(rows.length > 0 ? [formatMarkdownTable(HEAD, rows), ""] : []),
  ].join("\n");
}

function toJson(inventory: Inventory) {
  const { at, complete, organizations, hasStates, missing, unreadable, unverified } = inventory;
  return {
    at,
    complete,
    organizations,
    connections: sortRows(inventory).map(({ managedBy: owners, ...row }) => ({
      ...row,
      // `null` means unknown, which is different from unmanaged.
      managedBy: hasStates ? owners : null,
    })),
    missing,
    unreadable,
    unverified,
  };
}

/**
 * Formats one row for each item, in this order: live connections, missing connections, organizations that were not checked,
 * resources that were not read completely, and connections that were not verified.
 */
async function formatCsv(inventory: Inventory): Promise<string> {
  // Only this format needs the library, which takes some time to load.
  const { stringify } = await import("csv-stringify/sync");
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

/** Formats the configured names of an organization and, if known, its name or UUID in Datadog: `payments (Acme Payments)`. */
const formatOrganization = ({
  names,
  name,
  id,
}: Pick<OrganizationStatus, "names" | "name" | "id">): string => {
  const known = name ?? id;
  return known === undefined ? names.join(", ") : `${names.join(", ")} (${known})`;
};

/** Formats the source or destination of a connection. */
const formatParty = (party: Party | undefined): string => party?.name ?? party?.id ?? "unknown";

/** Formats the creator of a connection: `Kim Berg`, `CI (service account)`. */
function formatCreator({ createdBy }: InventoryRow): string {
  if (!createdBy) return "unknown";
  const { name, handle, email, id, serviceAccount } = createdBy;
  return `${name ?? handle ?? email ?? id}${serviceAccount === true ? " (service account)" : ""}`;
}

/** Formats a resource that manages a connection, with its stack or file. */
const formatOwner = ({ location, resource }: Owner): string =>
  formatResourceRef({ location, name: resource });

/**
 * Formats all resources that manage a connection. Returns `unknown` if no state was given, and `none` for an unmanaged connection.
 */
function formatManagedBy({ managedBy: owners }: InventoryRow, { hasStates }: Inventory): string {
  if (!hasStates) return "unknown";
  return owners.length === 0 ? "none" : owners.map(formatOwner).join(", ");
}

/** Sorts the rows by source, destination and ID. */
function sortRows({ rows }: Inventory): InventoryRow[] {
  const getKey = ({ source, sink, id }: InventoryRow) =>
    [formatParty(source), formatParty(sink), id].join("\u0000");
  return rows
    .map((row) => ({ row, key: getKey(row) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}

/** The note about a resource if the state does not show all of its connections. */
const NOT_READ_NOTE = `${UNREADABLE_REASON}. Connections listed as unmanaged may belong to this resource.`;
