import { getEndDirection, offsetCurve } from "./curves.js";
import { LABEL, computeLabelSize } from "./measures.js";
import type { Line, Point } from "./layout.js";
import { escapeXml } from "./drawn-text.js";
import type { TopologyLink } from "../../topology/group-topology.js";
import { formatLink } from "../../topology/labels.js";

// In pixels, for a line that is not scaled.

/** The distance between the centers of neighboring strands of a line. */
const STRAND_STEP = 4.5;
const STRAND_WIDTH = 2;
const ARROWHEAD = { length: 9, halfWidth: 3.6 };

/** The types with their own color, in the order of the legend. */
export const COLORED_TYPES: readonly string[] = ["logs", "metrics", "audit"];

/** Draws one line for each link, with one strand for each type, in the color of the type. The strands of unmanaged links are dashed. */
export function drawLines(
  lines: readonly Line[],
  links: readonly TopologyLink[],
  lineScale: number,
): string[] {
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
  return `<g class="link${lineScale < 1 ? " thin" : ""}${link.managed === false ? " unmanaged" : ""}${link.change ? ` ${link.change}` : ""}" data-link="${linkIndex}">${hitArea}${strands.join("")}</g>`;
}

/** Draws the label of each line, if the layout has space for one. */
export function drawLabels(
  lines: readonly Line[],
  links: readonly TopologyLink[],
  enlargement: number,
): string[] {
  return lines.flatMap(({ linkIndex, label }) => {
    const link = links[linkIndex];
    if (!link || !label) return [];
    const text = formatLink(link);
    const { width, height } = computeLabelSize(text, enlargement);
    const size = LABEL.size * enlargement;
    return [
      `<g class="label${link.managed === false ? " unmanaged" : ""}" data-link="${linkIndex}">` +
        `<rect x="${round(label.x - width / 2)}" y="${round(label.y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${round(height / 2)}"/>` +
        `<text x="${round(label.x)}" y="${round(label.y + size * 0.35)}" font-size="${round(size)}">${escapeXml(text)}</text></g>`,
    ];
  });
}

/** Returns the CSS class of a type: `other` for all types without their own color. */
export const getTypeClass = (type: string): string => (COLORED_TYPES.includes(type) ? type : "other");

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
