import type { OrganizationRef } from "../../changes/shared-data.js";
import { formatOrganization, toTableCell, getDisplayName } from "../../changes/rich-text.js";
import { escapeMarkdown, formatCodeCell } from "../../shared/markdown.js";
import { formatMermaid } from "../../topology/mermaid.js";
import { createReviewTopology } from "./review-topology.js";
import { formatFolded } from "./folded.js";
import { groupBy, listOrganizations } from "./group.js";
import type { Review } from "./review.js";
import { formatCount, pluralize } from "../../shared/text.js";

/** The limits for the count of connections in a diagram, from large to small. The first limit whose diagram fits is used. */
const DIAGRAM_SIZES = [120, 60, 30, 15];
/** A diagram with more connections is long, so it is folded. */
const MAX_UNFOLDED_CONNECTIONS = 12;
/** The maximum count of organizations in the table of UUIDs. */
const MAX_ORGANIZATIONS = 100;

/**
 * Formats the diagram of who shares with whom. Empty if nothing changes, or if even the smallest diagram exceeds `maxLength`
 * characters.
 */
export function formatDiagram({ changes, unchanged }: Review, maxLength: number): string {
  if (changes.length === 0) return "";
  const topology = createReviewTopology(changes, unchanged);
  for (const maxConnections of DIAGRAM_SIZES) {
    const { text, omitted } = formatMermaid(topology, { maxConnections });
    const note =
      omitted > 0
        ? `\n\n_${formatCount(omitted, "more connection")} ${pluralize(omitted, "is", "are")} not drawn. Changes are drawn first._`
        : "";
    const diagram = formatDiagramSection(
      `\`\`\`mermaid\n${text}\n\`\`\`${note}`,
      topology.connections.length > MAX_UNFOLDED_CONNECTIONS,
    );
    if (diagram.length <= maxLength) return diagram;
  }
  return "";
}

const DIAGRAM_TITLE = "Who shares with whom";

const formatDiagramSection = (diagram: string, isFolded: boolean): string =>
  isFolded ? formatFolded(DIAGRAM_TITLE, diagram) : `\n### ${DIAGRAM_TITLE}\n\n${diagram}\n`;

/**
 * Formats a table of the organizations whose name and UUID are known. Readers need the UUIDs, because different organizations can
 * have the same name. Empty without such an organization, or if the table exceeds `maxLength` characters.
 */
export function formatOrganizationTable({ changes }: Review, maxLength: number): string {
  const organizations = listOrganizations(changes).filter(
    ({ id, name, alias }) => id !== undefined && (name ?? alias) !== undefined,
  );
  // Each stack can have its own name for an organization.
  const named = groupBy(organizations, ({ id }) => id ?? "");
  if (named.length === 0) return "";
  const rows = named
    .slice(0, MAX_ORGANIZATIONS)
    .map((references) => `| ${formatAllNames(references)} | ${formatCodeCell(references[0].id ?? "")} |`);
  const more = named.length - MAX_ORGANIZATIONS;
  const note = more > 0 ? `\n\n${formatCount(more, "more is", "more are")} not listed.` : "";
  const table = ["| organization | UUID |", "| --- | --- |", ...rows].join("\n");
  const text = formatFolded("Organizations by UUID", `${table}${note}`);
  return text.length <= maxLength ? text : "";
}

/** Formats the display name of the first reference or, without one, the UUID. Adds the other names, each with its origin. */
function formatAllNames(references: readonly [OrganizationRef, ...OrganizationRef[]]): string {
  const [first] = references;
  const displayed = getDisplayName(first);
  const otherNames = new Set(
    references.flatMap(({ name, alias }) => [
      ...(name !== undefined && displayed?.from !== "datadog"
        ? [`name in Datadog: ${escapeMarkdown(name)}`]
        : []),
      ...(alias !== undefined && alias !== displayed?.name
        ? [`configured name: ${escapeMarkdown(alias)}`]
        : []),
    ]),
  );
  return `${toTableCell(formatOrganization(first))}${otherNames.size > 0 ? ` (${[...otherNames].join(", ")})` : ""}`;
}
