import { getTypeClass } from "./svg-links.js";
import type { Point } from "./layout.js";
import { escapeXml, measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { isManaged } from "../../topology/group-topology.js";
import { formatSummary } from "../../topology/labels.js";

export const LEGEND_HEIGHT = 92;

/** One entry of a legend: the CSS class of its line, and its meaning. */
export interface LegendEntry {
  className: string;
  text: string;
}

/** Creates the legend for the colors and lines that occur in a picture. */
export function createLegend(topology: Topology): LegendEntry[] {
  const types = new Set(topology.connections.flatMap(({ connectionTypes }) => connectionTypes));
  const colored = ["logs", "metrics", "audit"].filter((type) => types.has(type));
  const others = [...types].filter((type) => getTypeClass(type) === "other").sort();
  const hasUnspecified = topology.connections.some(({ connectionTypes }) => connectionTypes.length === 0);
  const other = [...others, ...(hasUnspecified ? ["types chosen by Datadog"] : [])];
  const unmanaged = topology.connections.some((connection) => isManaged(connection, topology) === false);
  return [
    ...colored.map((type) => ({ className: type, text: type })),
    ...(other.length > 0 ? [{ className: "other", text: other.join(", ") }] : []),
    ...(unmanaged ? [{ className: "unmanaged", text: "unmanaged" }] : []),
  ];
}

/** Draws title, summary and legend of a standalone image. */
export function drawLegend(
  topology: Topology,
  title: string,
  position: Point,
): { text: string; width: number } {
  const summary = formatSummary(topology);
  let { x } = position;
  const { y } = position;
  const parts = createLegend(topology).map(({ className, text }) => {
    const part =
      className === "unmanaged"
        ? `<g class="link unmanaged"><g class="strand other"><path d="M${x} ${y}h26"/></g></g>`
        : `<g class="strand ${className}"><path d="M${x} ${y}h26"/></g>`;
    const entry = `${part}<text x="${x + 33}" y="${y + 4}">${escapeXml(text)}</text>`;
    x += Math.ceil(33 + measureText(text, 12) + 22);
    return entry;
  });
  const lines = [
    `<text class="title" x="${position.x}" y="${y - 48}">${escapeXml(title)}</text>`,
    `<text class="summary" x="${position.x}" y="${y - 27}">${escapeXml(summary)}</text>`,
  ];
  const width = Math.max(x - position.x, measureText(title, 19), measureText(summary, 13));
  return { text: `<g class="legend">${[...lines, ...parts].join("")}</g>`, width };
}
