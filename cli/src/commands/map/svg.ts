import drawingStyle from "./page/drawing.css?raw";
import type { Picture } from "./layout.js";
import { emphasisOf, MARGIN } from "./measures.js";
import { drawCards, drawFrames } from "./svg-organizations.js";
import { drawLabels, drawLines } from "./svg-links.js";
import { drawLegend, LEGEND_HEIGHT } from "./svg-legend.js";
import { escapeXml } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatSummary } from "../../topology/words.js";

/** A drawing for a page: what stands between `<svg>` and `</svg>`, and the `viewBox` it needs. */
export interface Drawing {
  viewBox: string;
  body: string;
}

/** A page enlarges its drawing to the screen: a small one not beyond measure. */
const LEAST = { width: 1100, height: 520 };

/** The picture without a frame of its own: the page brings styles, legend and title. */
export function drawingOf(
  topology: Topology,
  { drawn, layout }: Picture,
  { focusable = false } = {},
): Drawing {
  const { width, height } = layout;
  const emphasis = emphasisOf(topology);
  const least = focusable ? LEAST : { width: 0, height: 0 };
  const whole = {
    width: Math.max(least.width, width + 2 * MARGIN),
    height: Math.max(least.height, height + 2 * MARGIN),
  };
  return {
    viewBox: [(width - whole.width) / 2, (height - whole.height) / 2, whole.width, whole.height]
      .map(Math.round)
      .join(" "),
    body: [
      ...drawFrames(layout.frames, emphasis),
      ...drawLines(layout.lines, drawn.links, layout.strength),
      ...drawCards(topology, layout.cards, { focusable }),
      ...drawLabels(layout.lines, drawn.links, emphasis),
    ].join("\n"),
  };
}

/** The topology as an image that stands alone; it follows the reader's light or dark colours where its viewer does. */
export async function svgOf(topology: Topology, { title }: { title: string }): Promise<string> {
  const { pictureOf } = await import("./layout.js");
  const picture = await pictureOf(topology);
  const { viewBox, body } = drawingOf(topology, picture);
  const [left = 0, top = 0, width = 0, height = 0] = viewBox.split(" ").map(Number);
  const legend = drawLegend(topology, title, { x: left + MARGIN, y: top - 12 });
  const whole = [
    left,
    top - LEGEND_HEIGHT,
    Math.max(width, legend.width + 2 * MARGIN),
    height + LEGEND_HEIGHT,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${whole.join(" ")}" width="${whole[2]}" height="${whole[3]}" class="map alone" role="img" aria-labelledby="map-title map-summary">`,
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
