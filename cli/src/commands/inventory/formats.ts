import type { Inventory } from "../../live/inventory.js";
import { escapeInvisible, formatSentence, joinLines } from "datadog-org-connections-core/api/invisible.js";
import { formatJson } from "../../shared/text.js";
import { escapeMarkdown, formatMarkdownTable } from "../../shared/markdown.js";
import { formatCount } from "../../shared/text.js";
import { renderTable } from "../../shared/table.js";
import { creatorOf, managedBy, managerOf, partyOf, sorted, titleOf, UNREAD } from "./cells.js";

/** How the inventory is printed. */
export type Format = "table" | "csv" | "json" | "markdown";

/** The inventory as a text that ends in a line feed. */
export async function formatInventory(inventory: Inventory, format: Format): Promise<string> {
  switch (format) {
    case "table":
      return asTable(inventory);
    case "markdown":
      return asMarkdown(inventory);
    case "json":
      return `${formatJson(asJson(inventory), 2)}\n`;
    case "csv":
      return (await import("./csv.js")).asCsv(inventory);
  }
}

const HEAD = ["Source", "Sink", "Types", "Days", "Creator", "Managed by", "ID"];

const cellsOf = (inventory: Inventory): string[][] =>
  sorted(inventory).map((row) => [
    partyOf(row.source),
    partyOf(row.sink),
    row.connectionTypes.join(", "),
    row.ageDays === undefined ? "" : String(row.ageDays),
    creatorOf(row),
    managedBy(row, inventory),
    row.id,
  ]);

/** How a format shows a name, and a sentence in which there may be names. */
interface Shown {
  name: (text: string) => string;
  sentence: (text: string) => string;
}

const PLAIN: Shown = { name: escapeInvisible, sentence: formatSentence };
/** What is shown of a reason in Markdown, in characters: what to do next comes last. */
const LONGEST_REASON = 2000;
const MARKDOWN: Shown = {
  name: escapeMarkdown,
  sentence: (text) => escapeMarkdown(joinLines(text), LONGEST_REASON),
};

/** What stands below the rows: counts, holes, what is gone. */
export function remarks(inventory: Inventory, { name, sentence }: Shown = PLAIN): string[] {
  const { rows, organizations, statesGiven, missing, unreadable } = inventory;
  const unmanaged = rows.filter((row) => row.managedBy.length === 0).length;
  const read = organizations.filter(({ checked }) => checked).length;
  return [
    `${formatCount(rows.length, "connection")}, seen from ${read} of ${formatCount(organizations.length, "organization")}.`,
    statesGiven
      ? `${unmanaged} of them managed by none of the stacks given.`
      : "Whether they are managed is not known: no --stack or --state was given.",
    ...organizations.flatMap((one) =>
      one.checked ? [] : [`NOT CHECKED: ${name(titleOf(one))}: ${sentence(one.reason)}`],
    ),
    ...unreadable.map((one) => `NOT READ: ${name(managerOf(one))}: ${UNREAD}`),
    ...(read < organizations.length ? ["`datadog-org-connections doctor` names the cause."] : []),
    ...missing.map(
      ({ id, managedBy: manager, sinkOrgName, sinkOrgId }) =>
        `NOT LIVE: ${name(managerOf(manager))} (${name(id)} to ${name(sinkOrgName ?? sinkOrgId ?? "an organization not told")}) stands in the state only.`,
    ),
  ];
}

function asTable(inventory: Inventory): string {
  const rows = cellsOf(inventory).map((row) => row.map(escapeInvisible));
  const head = HEAD.map((title) => title.toUpperCase());
  return [...(rows.length > 0 ? [renderTable(head, rows), ""] : []), ...remarks(inventory), ""].join("\n");
}

function asMarkdown(inventory: Inventory): string {
  const rows = cellsOf(inventory);
  return [
    "## Organization connections",
    "",
    ...remarks(inventory, MARKDOWN).map((line) => `- ${line.replace(/^(NOT [A-Z]+):/, "**$1:**")}`),
    "",
    ...(rows.length > 0 ? [formatMarkdownTable(HEAD, rows), ""] : []),
  ].join("\n");
}

function asJson(inventory: Inventory) {
  const { at, organizations, statesGiven, missing, unreadable } = inventory;
  return {
    at,
    complete: organizations.every(({ checked }) => checked) && unreadable.length === 0,
    organizations,
    connections: sorted(inventory).map(({ managedBy: managers, ...row }) => ({
      ...row,
      // `null`: nobody knows, which is not the same as nobody.
      managedBy: statesGiven ? managers : null,
    })),
    missing,
    unreadable,
  };
}
