import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";
import { formatTypes } from "datadog-org-connections-core/connection/format-connection.js";
import type { Topology, TopologyChange, TopologyConnection } from "./topology.js";

/** The default maximum count of connections in a diagram. By default, Mermaid refuses to draw more than 500 (`maxEdges`). */
const MAX_CONNECTIONS = 400;

const styles: Record<TopologyChange, string> = {
  created: "stroke:#1a7f37,stroke-width:3px",
  updated: "stroke:#9a6700,stroke-width:3px",
  replaced: "stroke:#8250df,stroke-width:3px",
  deleted: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
};

/**
 * Formats a diagram for Markdown on GitHub and GitLab. Changed connections come first. Each has a color, and a word for readers who
 * cannot see the color. `omitted` is the count of connections beyond `maxConnections`.
 */
export function formatMermaid(
  { organizations, connections }: Topology,
  { maxConnections = MAX_CONNECTIONS }: { maxConnections?: number } = {},
): { text: string; omitted: number } {
  const drawn = connections
    .toSorted((a, b) => Number(a.change === undefined) - Number(b.change === undefined))
    .slice(0, maxConnections);
  const ends = new Set(drawn.flatMap(({ sourceOrgId, sinkOrgId }) => [sourceOrgId, sinkOrgId]));
  const nodes = new Map(
    organizations
      .filter(({ id }) => ends.has(id))
      .map(({ id, name }, index) => [id, { node: `o${index}`, name }] as const),
  );
  const getNode = (id: string) => nodes.get(id)?.node ?? "unknown";
  const lines = [
    "flowchart LR",
    ...[...nodes.values()].map(({ node, name }) => `  ${node}["${escapeMermaid(name)}"]`),
    ...drawn.map(
      (connection) =>
        `  ${getNode(connection.sourceOrgId)} -->|"${escapeMermaid(formatLabel(connection))}"| ${getNode(connection.sinkOrgId)}`,
    ),
    ...Object.entries(styles).flatMap(([change, style]) => {
      const links = drawn.flatMap((connection, index) => (connection.change === change ? [index] : []));
      return links.length === 0 ? [] : [`  linkStyle ${links.join(",")} ${style}`];
    }),
  ];
  return { text: lines.join("\n"), omitted: connections.length - drawn.length };
}

function formatLabel({ connectionTypes, change }: TopologyConnection): string {
  const types = formatTypes(connectionTypes);
  return change === undefined ? types : `${change}: ${types}`;
}

/**
 * Escapes a string for a quoted label, so that the string cannot end the label or add markup. Mermaid decodes entity codes in a
 * label, and then replaces icon codes (`fa:fa-…`). A zero-width space (U+200B) after the colon prevents the replacement.
 */
function escapeMermaid(text: string): string {
  return escapeInvisible(text)
    .replace(/[^\p{L}\p{N} .,:()+/-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replace(/:(?=fa-)/g, ":#8203;");
}
