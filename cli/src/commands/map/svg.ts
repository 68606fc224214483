import drawingStyle from "./page/drawing.css?raw";
import { computeGroupedLayout, type GroupedLayout } from "./grouped-layout.js";
import { computeEnlargement, MARGIN } from "./measures.js";
import { drawCards, drawFrames } from "./svg-organizations.js";
import { drawLabels, drawLines } from "./svg-links.js";
import { drawLegend, LEGEND_HEIGHT } from "./svg-legend.js";
import { escapeXml } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatSummary } from "../../topology/labels.js";

/** A drawing for a page or an image: the content of an `<svg>` element, and the `viewBox` that shows this content. */
export interface Drawing {
  viewBox: string;
  body: string;
}

/** The minimum size of a drawing on a page, in pixels. The page would enlarge a smaller one too much. */
const MIN_PAGE_SIZE = { width: 1100, height: 520 };

/**
 * Creates the drawing without styles, legend and title, which the page or the image adds.
 *
 * @param options.forPage - whether organizations can get the keyboard focus, and the drawing has a minimum size
 */
export function createDrawing(
  topology: Topology,
  { grouped, layout }: GroupedLayout,
  { forPage = false } = {},
): Drawing {
  const { width, height } = layout;
  const enlargement = computeEnlargement(topology);
  const minSize = forPage ? MIN_PAGE_SIZE : { width: 0, height: 0 };
  const size = {
    width: Math.max(minSize.width, width + 2 * MARGIN),
    height: Math.max(minSize.height, height + 2 * MARGIN),
  };
  return {
    viewBox: [(width - size.width) / 2, (height - size.height) / 2, size.width, size.height]
      .map(Math.round)
      .join(" "),
    body: [
      ...drawFrames(layout.frames, enlargement),
      ...drawLines(layout.lines, grouped.links, layout.lineScale),
      ...drawCards(topology, layout.cards, { focusable: forPage }),
      ...drawLabels(layout.lines, grouped.links, enlargement),
    ].join("\n"),
  };
}

/** Renders the topology as a standalone image. Its colors are dark if the viewer prefers a dark color scheme. */
export async function renderSvg(topology: Topology, { title }: { title: string }): Promise<string> {
  const { viewBox, body } = createDrawing(topology, await computeGroupedLayout(topology));
  const [left = 0, top = 0, width = 0, height = 0] = viewBox.split(" ").map(Number);
  const legend = drawLegend(topology, title, { x: left + MARGIN, y: top - 12 });
  // The legend is above the drawing.
  const image = {
    x: left,
    y: top - LEGEND_HEIGHT,
    width: Math.max(width, legend.width + 2 * MARGIN),
    height: height + LEGEND_HEIGHT,
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${image.x} ${image.y} ${image.width} ${image.height}" width="${image.width}" height="${image.height}" class="map" role="img" aria-labelledby="map-title map-summary">`,
    `<title id="map-title">${escapeXml(title)}</title>`,
    `<desc id="map-summary">${escapeXml(formatSummary(topology))}</desc>`,
    `<style>${drawingStyle.trimEnd()}</style>`,
    `<rect class="ground" x="${image.x}" y="${image.y}" width="${image.width}" height="${image.height}"/>`,
    legend.body,
    body,
    "</svg>",
    "",
  ].join("\n");
}
