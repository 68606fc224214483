import { getEndDirection, offsetCurve } from "./curves.js";
import { LABEL, computeLabelSize } from "./measures.js";
import type { Line, Point } from "./layout.js";
import { escapeXml } from "./drawn-text.js";
import type { TopologyLink } from "../../topology/group-topology.js";
import { formatLink } from "../../topology/labels.js";

/** The distance between two strands of a line. */
const STRAND_STEP = 4.5;
const STRAND_WIDTH = 2;
const ARROWHEAD = { length: 9, halfWidth: 3.6 };

/** The types with their own color. */
const COLORED_TYPES = new Set(["logs", "metrics", "audit"]);

/** Draws one line for each link, with a strand for each type in its color. The strands of unmanaged links are dashed. */
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
  const types = link.connectionTypes.length === 0 ? ["other"] : link.connectionTypes;
  const strands = types.map((type, index) => {
    const shift = (index - (types.length - 1) / 2) * STRAND_STEP * lineScale;
    const moved = offsetCurve(curve, shift);
    return `<g class="strand ${getTypeClass(type)}"><path d="${formatPath(moved, lineScale)}" stroke-width="${round(STRAND_WIDTH * lineScale)}"/><path class="head" d="${formatArrowhead(moved, lineScale)}"/></g>`;
  });
  // The hit area is wider than the thin line.
  const hitArea = `<path class="hit" d="${formatPath(curve, lineScale)}"/>`;
  return `<g class="link${lineScale < 1 ? " thin" : ""}${link.managed === false ? " unmanaged" : ""}${link.change ? ` ${link.change}` : ""}" data-link="${linkIndex}">${hitArea}${strands.join("")}</g>`;
}

/** Draws the labels of lines for which the layout has space. */
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

/** Returns the CSS class of a type. */
export const getTypeClass = (type: string): string => (COLORED_TYPES.has(type) ? type : "other");

/** Formats the path of a line, which ends inside its arrowhead. */
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

function shortenCurve(curve: readonly Point[], length: number): readonly Point[] {
  const tip = curve.at(-1);
  if (!tip) return curve;
  const { x, y } = getEndDirection(curve);
  return [...curve.slice(0, -1), { x: tip.x - x * length, y: tip.y - y * length }];
}

const formatPoint = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
