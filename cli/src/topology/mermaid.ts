import { escapeInvisible } from "datadog-org-connections-core/api/invisible.js";
import { formatTypes } from "./words.js";
import type { Topology, TopologyChange, TopologyConnection } from "./topology.js";

/** How many connections a diagram of Mermaid may have before GitHub refuses to draw it (its `maxEdges` is 500). */
const MOST_CONNECTIONS = 400;

const styles: Record<TopologyChange, string> = {
  added: "stroke:#1a7f37,stroke-width:3px",
  changed: "stroke:#9a6700,stroke-width:3px",
  replaced: "stroke:#8250df,stroke-width:3px",
  removed: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4",
};

/**
 * A diagram for Markdown on GitHub and GitLab; changes are coloured, and marked in words, for those who see no colours.
 * Changes come first; what no longer fits is told by `omitted`.
 */
export function mermaidOf(
  { organizations, connections }: Topology,
  { most = MOST_CONNECTIONS }: { most?: number } = {},
): { text: string; omitted: number } {
  const drawn = connections
    .toSorted((a, b) => Number(a.change === undefined) - Number(b.change === undefined))
    .slice(0, most);
  const ends = new Set(drawn.flatMap(({ sourceOrgId, sinkOrgId }) => [sourceOrgId, sinkOrgId]));
  const nodes = new Map(
    organizations
      .filter(({ id }) => ends.has(id))
      .map(({ id, name }, at) => [id, { node: `o${at}`, name }] as const),
  );
  const node = (id: string) => nodes.get(id)?.node ?? "unknown";
  const lines = [
    "flowchart LR",
    ...[...nodes.values()].map(({ node: key, name }) => `  ${key}["${escapeMermaid(name)}"]`),
    ...drawn.map(
      (one) => `  ${node(one.sourceOrgId)} -->|"${escapeMermaid(labelOf(one))}"| ${node(one.sinkOrgId)}`,
    ),
    ...Object.entries(styles).flatMap(([change, style]) => {
      const links = drawn.flatMap((one, at) => (one.change === change ? [at] : []));
      return links.length === 0 ? [] : [`  linkStyle ${links.join(",")} ${style}`];
    }),
  ];
  return { text: lines.join("\n"), omitted: connections.length - drawn.length };
}

function labelOf({ connectionTypes, change }: TopologyConnection): string {
  const types = formatTypes(connectionTypes);
  return change === undefined ? types : `${change}: ${types}`;
}

/**
 * Mermaid reads entity codes in a quoted text; a name must not be able to end it, or to bring markup. Icons (`fa:fa-…`) are
 * looked for after the codes are read, so a sign that is not seen parts them.
 */
function escapeMermaid(text: string): string {
  return escapeInvisible(text)
    .replace(/[^\p{L}\p{N} .,:()+/-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`)
    .replace(/:(?=fa-)/g, ":#8203;");
}
