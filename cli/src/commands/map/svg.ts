import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";
import { formatTypes } from "datadog-org-connections-core/connection/format-connection.js";
import { formatCount } from "../../shared/text.js";
import { isManaged, type TopologyLink } from "../../topology/group-topology.js";
import { formatLink, formatOrganizationCounts, formatSummary } from "../../topology/labels.js";
import type { Topology } from "../../topology/topology.js";
import { getEndDirection, offsetCurve } from "./curves.js";
import { computeGroupedLayout, type GroupedLayout } from "./layout.js";
import {
  computeEnlargement,
  computeHeadingSize,
  computeLabelSize,
  fitName,
  FRAME_HEADING_HEIGHT,
  FRAME_PAD,
  LABEL,
  LARGE_CARD,
  MARGIN,
  measureText,
  SMALL_CARD,
  SPOT,
  type Card,
  type Frame,
  type Line,
  type Point,
} from "./measures.js";
import drawingStyle from "./page/drawing.css?raw";

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
      ...drawFrames(topology, layout.frames),
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

/** Escapes a string for the text or an attribute of SVG and HTML. The result has no characters that XML forbids. */
export function escapeXml(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The height of the title, the summary and the legend above the drawing of an image, in pixels. */
const LEGEND_HEIGHT = 92;

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
  const hasDrifted = topology.connections.some(({ declaredTypes }) => declaredTypes);
  return [
    ...colored.map((type) => ({ className: type, text: type })),
    ...(otherMeanings.length > 0 ? [{ className: "other", text: otherMeanings.join(", ") }] : []),
    ...(hasUnmanaged ? [{ className: "unmanaged", text: "unmanaged" }] : []),
    ...(hasDrifted ? [{ className: "drifted", text: "drifted" }] : []),
  ];
}

/**
 * Draws the title, the summary and the legend of a standalone image.
 *
 * @param position - the start of the first entry. The title and the summary are above the entries
 */
function drawLegend(topology: Topology, title: string, position: Point): { body: string; width: number } {
  const summary = formatSummary(topology);
  let { x } = position;
  const { y } = position;
  const entries = createLegend(topology).map(({ className, text }) => {
    const line =
      className === "unmanaged" || className === "drifted"
        ? `<g class="link ${className}"><g class="strand other"><path d="M${x} ${y}h26"/></g></g>`
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

/** Draws a frame around each group, with the count of its organizations. */
function drawFrames(topology: Topology, frames: readonly Frame[]): string[] {
  const size = computeHeadingSize(topology);
  return frames.flatMap(({ x, y, width, height, count }) => [
    `<g class="frame">${drawRect(x, y, width, height, 12)}`,
    `${drawText("count", { x: x - width / 2 + FRAME_PAD, y: y - height / 2 + FRAME_HEADING_HEIGHT }, size, formatCount(count, "organization"))}</g>`,
  ]);
}

/**
 * Draws the organizations. If `focusable`, they can get the keyboard focus, and the script of the page shows their details. Otherwise,
 * a tooltip shows the complete name and the counts.
 */
function drawCards(
  topology: Topology,
  cards: readonly Card[],
  { focusable }: { focusable: boolean },
): string[] {
  const enlargement = computeEnlargement(topology);
  const sinkIds = new Set(topology.connections.map(({ sinkOrgId }) => sinkOrgId));
  return cards.map((card) => {
    const { id = "", name = "" } = topology.organizations[card.organization] ?? {};
    const counts = formatOrganizationCounts(topology, card.organization);
    const label = `${name} ${counts}`;
    // For voice control, the accessible name starts with the visible text, which may be shortened.
    const visibleName = fitName(name, card.form);
    const accessibleName = visibleName === name ? label : `${visibleName}, ${label}`;
    const attributes = focusable
      ? ` data-organization="${card.organization}" tabindex="0" role="button" aria-pressed="false" aria-label="${escapeXml(accessibleName)}"`
      : "";
    const title = focusable ? "" : `<title>${escapeXml(label)}</title>`;
    return `<g class="organization ${card.form}${sinkIds.has(id) ? " sink" : ""}"${attributes}>${title}${drawCard(card, name, counts, enlargement)}</g>`;
  });
}

/** Draws one organization. The `y` of a text is its baseline, which is about 0.35 em below the center of the line. */
function drawCard(card: Card, name: string, counts: string, enlargement: number): string {
  const { x, y, width, height, form } = card;
  const visibleName = escapeXml(fitName(name, form));
  if (form === "spot") return drawSpot(card, visibleName);
  if (form === "small") {
    return `${drawRect(x, y, width, height, 6)}${drawText("name", { x, y: y + SMALL_CARD.size * 0.35 }, SMALL_CARD.size, visibleName)}`;
  }
  const [size, countsSize] = [LARGE_CARD.size * enlargement, LARGE_CARD.countsSize * enlargement];
  return [
    drawRect(x, y, width, height, 9),
    drawText("name", { x, y: y - size * 0.2 }, size, visibleName),
    drawText("counts", { x, y: y + countsSize * 1.2 }, countsSize, escapeXml(counts)),
  ].join(" ");
}

/**
 * Draws a spot with its name in the direction of `angle`. On the left half of a ring, the name is turned by another 180 degrees, so
 * that it is not upside down.
 */
function drawSpot({ x, y, angle = 0 }: Card, name: string): string {
  const isFlipped = angle > 90 && angle < 270;
  const distance = (SPOT.radius + 6) * (isFlipped ? -1 : 1);
  const rotation = round(isFlipped ? angle - 180 : angle);
  return [
    `<circle cx="${round(x)}" cy="${round(y)}" r="${SPOT.radius}"/>`,
    `<g transform="translate(${round(x)} ${round(y)}) rotate(${rotation})">`,
    drawText(`name ${isFlipped ? "before" : "after"}`, { x: distance, y: 4 }, SPOT.size, name),
    "</g>",
  ].join("");
}

/** @param text - already escaped */
function drawText(className: string, { x, y }: Point, size: number, text: string): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}" font-size="${round(size)}">${text}</text>`;
}

/** Draws a rectangle around its center (x, y), with rounded corners. */
function drawRect(x: number, y: number, width: number, height: number, radius: number): string {
  return `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

// In pixels, for a line that is not scaled.

/** The distance between the centers of neighboring strands of a line. */
const STRAND_STEP = 4.5;
const STRAND_WIDTH = 2;
const ARROWHEAD = { length: 9, halfWidth: 3.6 };

/** The types with their own color, in the order of the legend. */
const COLORED_TYPES: readonly string[] = ["logs", "metrics", "audit"];

/** Draws one line for each link, with one strand for each type, in the color of the type. The strands of unmanaged links are dashed. */
function drawLines(lines: readonly Line[], links: readonly TopologyLink[], lineScale: number): string[] {
  return lines.flatMap((line) => {
    const link = links[line.linkIndex];
    return link ? [drawLine(line, link, lineScale)] : [];
  });
}

function drawLine({ linkIndex, curve }: Line, link: TopologyLink, lineScale: number): string {
  // If Datadog chooses the types, the line has one strand.
  const types = link.connectionTypes.length === 0 ? ["other"] : link.connectionTypes;
  const strands = types.map((type, index) => {
    const shift = (index - (types.length - 1) / 2) * STRAND_STEP * lineScale;
    const moved = offsetCurve(curve, shift);
    return `<g class="strand ${getTypeClass(type)}"><path d="${formatPath(moved, lineScale)}" stroke-width="${round(STRAND_WIDTH * lineScale)}"/><path class="head" d="${formatArrowhead(moved, lineScale)}"/></g>`;
  });
  // Invisible and wider than the strands, so that a pointer can hit a thin line.
  const hitArea = `<path class="hit" d="${formatPath(curve, lineScale)}"/>`;
  return `<g class="link${lineScale < 1 ? " thin" : ""}${formatMarks(link)}${link.change ? ` ${link.change}` : ""}" data-link="${linkIndex}">${hitArea}${strands.join("")}</g>`;
}

/** Formats the CSS classes of the marks of a link. */
const formatMarks = ({ managed, drifted }: TopologyLink): string =>
  `${managed === false ? " unmanaged" : ""}${drifted ? " drifted" : ""}`;

/** Draws the label of each line, if the layout has space for one. */
function drawLabels(lines: readonly Line[], links: readonly TopologyLink[], enlargement: number): string[] {
  return lines.flatMap(({ linkIndex, label }) => {
    const link = links[linkIndex];
    if (!link || !label) return [];
    const text = formatLink(link);
    const { width, height } = computeLabelSize(text, enlargement);
    const size = LABEL.size * enlargement;
    return [
      `<g class="label${formatMarks(link)}" data-link="${linkIndex}">` +
        `<rect x="${round(label.x - width / 2)}" y="${round(label.y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${round(height / 2)}"/>` +
        `<text x="${round(label.x)}" y="${round(label.y + size * 0.35)}" font-size="${round(size)}">${escapeXml(text)}</text></g>`,
    ];
  });
}

/** Returns the CSS class of a type: `other` for all types without their own color. */
const getTypeClass = (type: string): string => (COLORED_TYPES.includes(type) ? type : "other");

/** Formats the path of a strand or hit area. The path ends inside the arrowhead, so that a strand does not cover the tip. */
function formatPath(curve: readonly Point[], lineScale: number): string {
  const [start, ...points] = shortenCurve(curve, ARROWHEAD.length * lineScale - 1);
  if (!start) return "";
  const pieces: string[] = [];
  for (let index = 0; index + 2 < points.length; index += 3) {
    pieces.push(
      `C${points
        .slice(index, index + 3)
        .map(formatPoint)
        .join(" ")}`,
    );
  }
  return `M${formatPoint(start)}${pieces.join("")}`;
}

function formatArrowhead(curve: readonly Point[], lineScale: number): string {
  const tip = curve.at(-1);
  if (!tip) return "";
  const { x, y } = getEndDirection(curve);
  const [length, halfWidth] = [ARROWHEAD.length * lineScale, ARROWHEAD.halfWidth * lineScale];
  const base = { x: tip.x - x * length, y: tip.y - y * length };
  const computeCorner = (side: 1 | -1): Point => ({
    x: base.x - y * halfWidth * side,
    y: base.y + x * halfWidth * side,
  });
  return `M${formatPoint(tip)}L${formatPoint(computeCorner(1))}L${formatPoint(computeCorner(-1))}Z`;
}

/** Moves the end of a curve back by a length. */
function shortenCurve(curve: readonly Point[], length: number): readonly Point[] {
  const tip = curve.at(-1);
  if (!tip) return curve;
  const { x, y } = getEndDirection(curve);
  return [...curve.slice(0, -1), { x: tip.x - x * length, y: tip.y - y * length }];
}

const formatPoint = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
