import { arrival, beside } from "./curves.js";
import { LABEL, labelSize } from "./measures.js";
import type { Line, Point } from "./picture.js";
import { escapeXml } from "./drawn-text.js";
import type { Link } from "../../topology/units.js";
import { formatLink } from "../../topology/words.js";

/** From one strand of a line to the next. */
const STRAND_STEP = 4.5;
const STRAND_WIDTH = 2;
const HEAD = { length: 9, half: 3.6 };

/** Types that have a colour of their own. */
const COLOURED = new Set(["logs", "metrics", "audit"]);

/** Connections: one strand for each type, in its colour; broken where no stack manages them. */
export function drawLines(lines: readonly Line[], links: readonly Link[], strength: number): string[] {
  return lines.flatMap((line) => {
    const link = links[line.link];
    return link ? [drawLine(line, link, strength)] : [];
  });
}

function drawLine({ link: place, curve }: Line, link: Link, strength: number): string {
  const types = link.connectionTypes.length === 0 ? ["other"] : link.connectionTypes;
  const strands = types.map((type, at) => {
    const shift = (at - (types.length - 1) / 2) * STRAND_STEP * strength;
    const moved = beside(curve, shift);
    return `<g class="strand ${colourOf(type)}"><path d="${pathOf(moved, strength)}" stroke-width="${round(STRAND_WIDTH * strength)}"/><path class="head" d="${headOf(moved, strength)}"/></g>`;
  });
  // A line is thin: what can be pointed at is wider.
  const hit = `<path class="hit" d="${pathOf(curve, strength)}"/>`;
  return `<g class="link${strength < 1 ? " fine" : ""}${link.managed === false ? " unmanaged" : ""}${link.change ? ` ${link.change}` : ""}" data-link="${place}">${hit}${strands.join("")}</g>`;
}

/** What each line shares, where its layout left room for it. */
export function drawLabels(lines: readonly Line[], links: readonly Link[], emphasis: number): string[] {
  return lines.flatMap(({ link: place, label }) => {
    const link = links[place];
    if (!link || !label) return [];
    const text = formatLink(link);
    const { width, height } = labelSize(text, emphasis);
    const size = LABEL.size * emphasis;
    return [
      `<g class="label${link.managed === false ? " unmanaged" : ""}" data-link="${place}">` +
        `<rect x="${round(label.x - width / 2)}" y="${round(label.y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${round(height / 2)}"/>` +
        `<text x="${round(label.x)}" y="${round(label.y + size * 0.35)}" font-size="${round(size)}">${escapeXml(text)}</text></g>`,
    ];
  });
}

/** The class of a type in the style sheet. */
export const colourOf = (type: string): string => (COLOURED.has(type) ? type : "other");

/** The line, which ends within its arrow's head. */
function pathOf(curve: readonly Point[], strength: number): string {
  const [start, ...rest] = shortenedBy(curve, HEAD.length * strength - 1);
  if (!start) return "";
  const pieces: string[] = [];
  for (let at = 0; at + 2 < rest.length; at += 3) {
    pieces.push(
      `C${rest
        .slice(at, at + 3)
        .map(pair)
        .join(" ")}`,
    );
  }
  return `M${pair(start)}${pieces.join("")}`;
}

function headOf(curve: readonly Point[], strength: number): string {
  const tip = curve.at(-1);
  if (!tip) return "";
  const { x, y } = arrival(curve);
  const [length, half] = [HEAD.length * strength, HEAD.half * strength];
  const base = { x: tip.x - x * length, y: tip.y - y * length };
  const side = (sign: number): Point => ({ x: base.x - y * half * sign, y: base.y + x * half * sign });
  return `M${pair(tip)}L${pair(side(1))}L${pair(side(-1))}Z`;
}

function shortenedBy(curve: readonly Point[], length: number): readonly Point[] {
  const tip = curve.at(-1);
  if (!tip) return curve;
  const { x, y } = arrival(curve);
  return [...curve.slice(0, -1), { x: tip.x - x * length, y: tip.y - y * length }];
}

const pair = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
