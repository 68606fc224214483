import drawingStyle from "./page/drawing.css?raw";
import type { GroupedLayout } from "./grouped-layout.js";
import { computeEnlargement, MARGIN } from "./measures.js";
import { drawCards, drawFrames } from "./svg-organizations.js";
import { drawLabels, drawLines } from "./svg-links.js";
import { drawLegend, LEGEND_HEIGHT } from "./svg-legend.js";
import { escapeXml } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatSummary } from "../../topology/labels.js";

/** A drawing for a page or an image: the content of its `<svg>` element, and the `viewBox`. */
export interface Drawing {
  viewBox: string;
  body: string;
}

/** The minimum size on a page, so that a small drawing is not enlarged too much. */
const MIN_PAGE_SIZE = { width: 1100, height: 520 };

/**
 * Creates the drawing without styles, legend and title, which the page or the image adds.
 *
 * @param options.focusable - for the page: organizations can get the keyboard focus, and the drawing has a minimum size
 */
export function createDrawing(
  topology: Topology,
  { grouped, layout }: GroupedLayout,
  { focusable = false } = {},
): Drawing {
  const { width, height } = layout;
  const enlargement = computeEnlargement(topology);
  const minSize = focusable ? MIN_PAGE_SIZE : { width: 0, height: 0 };
  const whole = {
    width: Math.max(minSize.width, width + 2 * MARGIN),
    height: Math.max(minSize.height, height + 2 * MARGIN),
  };
  return {
    viewBox: [(width - whole.width) / 2, (height - whole.height) / 2, whole.width, whole.height]
      .map(Math.round)
      .join(" "),
    body: [
      ...drawFrames(layout.frames, enlargement),
      ...drawLines(layout.lines, grouped.links, layout.lineScale),
      ...drawCards(topology, layout.cards, { focusable }),
      ...drawLabels(layout.lines, grouped.links, enlargement),
    ].join("\n"),
  };
}

/** Renders the topology as a standalone image. Its colors are dark if the viewer prefers a dark color scheme. */
export async function renderSvg(topology: Topology, { title }: { title: string }): Promise<string> {
  const { computeGroupedLayout } = await import("./grouped-layout.js");
  const groupedLayout = await computeGroupedLayout(topology);
  const { viewBox, body } = createDrawing(topology, groupedLayout);
  const [left = 0, top = 0, width = 0, height = 0] = viewBox.split(" ").map(Number);
  const legend = drawLegend(topology, title, { x: left + MARGIN, y: top - 12 });
  const whole = [
    left,
    top - LEGEND_HEIGHT,
    Math.max(width, legend.width + 2 * MARGIN),
    height + LEGEND_HEIGHT,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${whole.join(" ")}" width="${whole[2]}" height="${whole[3]}" class="map" role="img" aria-labelledby="map-title map-summary">`,
    `<title id="map-title">${escapeXml(title)}</title>`,
    `<desc id="map-summary">${escapeXml(formatSummary(topology))}</desc>`,
    `<style>${drawingStyle.trimEnd()}</style>`,
    `<rect class="ground" x="${whole[0]}" y="${whole[1]}" width="${whole[2]}" height="${whole[3]}"/>`,
    legend.text,
    body,
    "</svg>",
    "",
  ].join("\n");
}
