import { UNVERIFIED_REASON, type Inventory } from "../../live/inventory.js";
import { escapeInvisible, formatSentence, joinLines } from "datadog-org-connections-core/text/escape-text.js";
import { formatRemark, type Remark } from "../../shared/remark.js";
import { formatJson, formatCount } from "../../shared/text.js";
import { escapeMarkdown, formatMarkdownTable } from "../../shared/markdown.js";
import { renderTable } from "../../shared/table.js";
import {
  formatCreator,
  formatManagedBy,
  formatOwner,
  formatParty,
  sortRows,
  formatOrganization,
  NOT_READ_NOTE,
} from "./cells.js";

type Format = "table" | "csv" | "json" | "markdown";

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
      return (await import("./csv.js")).formatCsv(inventory);
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
