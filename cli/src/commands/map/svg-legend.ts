import { colourOf } from "./svg-links.js";
import type { Point } from "./picture.js";
import { escapeXml, measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { isManaged } from "../../topology/units.js";
import { formatSummary } from "../../topology/words.js";

export const LEGEND_HEIGHT = 92;

/** One entry of a legend: the class of its line, and what it means. */
export interface LegendEntry {
  look: string;
  text: string;
}

/** What the colours and lines of a picture mean: only those that occur in it. */
export function legendOf(topology: Topology): LegendEntry[] {
  const types = new Set(topology.connections.flatMap(({ connectionTypes }) => connectionTypes));
  const known = ["logs", "metrics", "audit"].filter((type) => types.has(type));
  const others = [...types].filter((type) => colourOf(type) === "other").sort();
  const chosen = topology.connections.some(({ connectionTypes }) => connectionTypes.length === 0);
  const other = [...others, ...(chosen ? ["types chosen by Datadog"] : [])];
  const unmanaged = topology.connections.some((one) => isManaged(one, topology) === false);
  return [
    ...known.map((type) => ({ look: type, text: type })),
    ...(other.length > 0 ? [{ look: "other", text: other.join(", ") }] : []),
    ...(unmanaged ? [{ look: "unmanaged", text: "managed by no stack" }] : []),
  ];
}

/** The legend of an image that stands alone, below its title. */
export function drawLegend(topology: Topology, title: string, at: Point): { text: string; width: number } {
  const summary = formatSummary(topology);
  let { x } = at;
  const { y } = at;
  const parts = legendOf(topology).map(({ look, text }) => {
    const part =
      look === "unmanaged"
        ? `<g class="link unmanaged"><g class="strand other"><path d="M${x} ${y}h26"/></g></g>`
        : `<g class="strand ${look}"><path d="M${x} ${y}h26"/></g>`;
    const written = `${part}<text x="${x + 33}" y="${y + 4}">${escapeXml(text)}</text>`;
    x += Math.ceil(33 + measureText(text, 12) + 22);
    return written;
  });
  const lines = [
    `<text class="title" x="${at.x}" y="${y - 48}">${escapeXml(title)}</text>`,
    `<text class="summary" x="${at.x}" y="${y - 27}">${escapeXml(summary)}</text>`,
  ];
  const width = Math.max(x - at.x, measureText(title, 19), measureText(summary, 13));
  return { text: `<g class="legend">${[...lines, ...parts].join("")}</g>`, width };
}
