import { COLORED_TYPES, getTypeClass } from "./svg-links.js";
import type { Point } from "./layout.js";
import { escapeXml, measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { isManaged } from "../../topology/group-topology.js";
import { formatSummary } from "../../topology/labels.js";
import { formatTypes } from "datadog-org-connections-core/connection/format-connection.js";

/** The height of the title, the summary and the legend above the drawing of an image, in pixels. */
export const LEGEND_HEIGHT = 92;

/** One entry of a legend: the CSS class of a line, and what this line means. */
export interface LegendEntry {
  className: string;
  text: string;
}

/** Creates the legend for the colors and lines that occur in a picture. */
export function createLegend(topology: Topology): LegendEntry[] {
  const types = new Set(topology.connections.flatMap(({ connectionTypes }) => connectionTypes));
  const colored = COLORED_TYPES.filter((type) => types.has(type));
  const otherTypes = [...types].filter((type) => getTypeClass(type) === "other").sort();
  const hasUnspecified = topology.connections.some(({ connectionTypes }) => connectionTypes.length === 0);
  const otherMeanings = [...otherTypes, ...(hasUnspecified ? [formatTypes([])] : [])];
  const hasUnmanaged = topology.connections.some((connection) => isManaged(connection, topology) === false);
  return [
    ...colored.map((type) => ({ className: type, text: type })),
    ...(otherMeanings.length > 0 ? [{ className: "other", text: otherMeanings.join(", ") }] : []),
    ...(hasUnmanaged ? [{ className: "unmanaged", text: "unmanaged" }] : []),
  ];
}

/**
 * Draws the title, the summary and the legend of a standalone image.
 *
 * @param position - the start of the first entry. The title and the summary are above the entries
 */
export function drawLegend(
  topology: Topology,
  title: string,
  position: Point,
): { body: string; width: number } {
  const summary = formatSummary(topology);
  let { x } = position;
  const { y } = position;
  const entries = createLegend(topology).map(({ className, text }) => {
    const line =
      className === "unmanaged"
        ? `<g class="link unmanaged"><g class="strand other"><path d="M${x} ${y}h26"/></g></g>`
        : `<g class="strand ${className}"><path d="M${x} ${y}h26"/></g>`;
    const entry = `${line}<text x="${x + 33}" y="${y + 4}">${escapeXml(text)}</text>`;
    x += Math.ceil(33 + measureText(text, 12) + 22);
    return entry;
  });
  const heading = [
    `<text class="title" x="${position.x}" y="${y - 48}">${escapeXml(title)}</text>`,
    `<text class="summary" x="${position.x}" y="${y - 27}">${escapeXml(summary)}</text>`,
  ];
  // The font sizes are from drawing.css. The title is bold, so it is measured with a larger size.
  const width = Math.max(x - position.x, measureText(title, 19), measureText(summary, 13));
  return { body: `<g class="legend">${[...heading, ...entries].join("")}</g>`, width };
}
