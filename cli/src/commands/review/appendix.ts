import {
  type OrganizationRef,
  type SharedData,
  isSamePair,
  getOrganizationKey,
  subtract,
} from "../../changes/shared-data.js";
import { formatOrganization, toTableCell, getDisplayName, toPlainText } from "../../changes/rich-text.js";
import { escapeMarkdown, formatCodeCell, formatFolded } from "../../shared/markdown.js";
import { formatMermaid } from "../../topology/mermaid.js";
import { groupBy, listOrganizations } from "./group.js";
import type { Review } from "./review.js";
import { formatCount, pluralize } from "../../shared/text.js";
import type { Change } from "../../changes/facts.js";
import type { Topology, TopologyChange, TopologyConnection } from "../../topology/topology.js";

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

/** Creates the topology after the changes. Connections that will be deleted are drawn too. */
export function createReviewTopology(changes: readonly Change[], unchanged: readonly SharedData[]): Topology {
  const organizations = new Map<string, string>();
  let unknownCount = 0;
  const addOrganization = (organization: OrganizationRef): string => {
    // An organization that nothing identifies is drawn separately from all others.
    const key = getOrganizationKey(organization) ?? `unknown ${++unknownCount}`;
    if (!organizations.has(key)) organizations.set(key, toPlainText(formatOrganization(organization)));
    return key;
  };
  const toConnection = (
    { source, sink }: SharedData,
    connectionTypes: readonly string[],
    change?: TopologyChange,
  ): TopologyConnection => ({
    sourceOrgId: addOrganization(source),
    sinkOrgId: addOrganization(sink),
    connectionTypes,
    ...(change && { change }),
  });
  const connections = [
    ...changes.flatMap((change) =>
      listEdges(change).map(([data, types, status]) => toConnection(data, types, status)),
    ),
    ...unchanged.map((data) => toConnection(data, listTypes(data))),
  ];
  return { organizations: [...organizations].map(([id, name]) => ({ id, name })), connections };
}

/** Lists the known types, and `unknown types` if there may be others. */
const listTypes = ({ connectionTypes, openTypes }: SharedData): readonly string[] =>
  openTypes === "unknown" ? [...connectionTypes, "unknown types"] : connectionTypes;

type Edge = [SharedData, readonly string[], TopologyChange?];

/** Lists the connections to draw for a change, each with its types and what happens to it. */
function listEdges(change: Change): Edge[] {
  const { kind, before, after, addedTypes, removedTypes, retainedBy } = change;
  // A retained connection is among the unchanged connections, or among the changes of the other resource that manages it.
  const deleted: Edge[] = before && retainedBy === undefined ? [[before, listTypes(before), "deleted"]] : [];
  if (kind === "replace" && after && !isSamePair(before, after))
    return [...deleted, [after, listTypes(after), "created"]];
  if (after?.openTypes === "unknown") {
    if (kind === "release" || kind === "state-only") return [[after, listTypes(after)]];
    return [[after, listTypes(after), kind === "replace" ? "replaced" : before ? "updated" : "created"]];
  }
  // Only unreadable connections (`isUnreadable`) have an update without `after`. It does not necessarily delete them.
  if (!after) return kind === "update" ? [[before, listTypes(before), "updated"]] : deleted;
  if (before?.openTypes === "unknown" && kind !== "replace")
    return [[after, after.connectionTypes, "updated"]];
  if (kind === "replace") return [[after, after.connectionTypes, "replaced"]];
  if (!before) return [[after, after.connectionTypes, "created"]];
  if (addedTypes.length + removedTypes.length === 0) return [[after, after.connectionTypes]];
  const types = [
    ...subtract(after.connectionTypes, addedTypes),
    ...addedTypes.map((type) => `+ ${type}`),
    ...removedTypes.map((type) => `- ${type}`),
  ];
  return [[after, types, "updated"]];
}
