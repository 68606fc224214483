import { emphasisOf, FRAME_HEAD, FRAME_PAD, fitted, LARGE, SMALL, SPOT } from "./measures.js";
import type { Card, Frame, Point } from "./picture.js";
import { escapeXml } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatCount } from "../../shared/text.js";
import { formatFigures } from "../../topology/words.js";

/** Around organizations that are alike: a frame that says how many they are. */
export function drawFrames(frames: readonly Frame[], emphasis: number): string[] {
  // Its line has room for letters that are somewhat larger.
  const size = 12 * Math.min(emphasis, 1.4);
  return frames.flatMap(({ x, y, width, height, count }) => [
    `<g class="frame">${rect(x, y, width, height, 12)}`,
    `${text("count", { x: x - width / 2 + FRAME_PAD, y: y - height / 2 + FRAME_HEAD }, size, formatCount(count, "organization"))}</g>`,
  ]);
}

/** The organizations. `focusable`: the page's reader reaches them by keyboard, and its script shows more of each. */
export function drawCards(
  topology: Topology,
  cards: readonly Card[],
  { focusable }: { focusable: boolean },
): string[] {
  const emphasis = emphasisOf(topology);
  const received = new Set(topology.connections.map(({ sinkOrgId }) => sinkOrgId));
  return cards.map((card) => {
    const { id = "", name = "" } = topology.organizations[card.organization] ?? {};
    const figures = formatFigures(topology, card.organization);
    const label = `${name} ${figures}`;
    // Who speaks to the page says what is seen: a name that is cut stands in the label as it is drawn, too.
    const seen = fitted(name, card.form);
    const spoken = seen === name ? label : `${seen}, ${label}`;
    const opening = focusable
      ? ` data-organization="${card.organization}" tabindex="0" role="button" aria-pressed="false" aria-label="${escapeXml(spoken)}"`
      : "";
    const title = focusable ? "" : `<title>${escapeXml(label)}</title>`;
    return `<g class="organization ${card.form}${received.has(id) ? " sink" : ""}"${opening}>${title}${shapeOf(card, name, figures, emphasis)}</g>`;
  });
}

function shapeOf(card: Card, name: string, figures: string, emphasis: number): string {
  const { x, y, width, height, form } = card;
  const shown = escapeXml(fitted(name, form));
  if (form === "spot") return spotOf(card, shown);
  if (form === "small") {
    return `${rect(x, y, width, height, 6)}${text("name", { x, y: y + SMALL.size * 0.35 }, SMALL.size, shown)}`;
  }
  const [size, second] = [LARGE.size * emphasis, LARGE.second * emphasis];
  return [
    rect(x, y, width, height, 9),
    text("name", { x, y: y - size * 0.2 }, size, shown),
    text("figures", { x, y: y + second * 1.2 }, second, escapeXml(figures)),
  ].join(" ");
}

/** A name on the left half of a ring is turned round, so that it is not upside down. */
function spotOf({ x, y, angle = 0 }: Card, shown: string): string {
  const turned = angle > 90 && angle < 270;
  const distance = (SPOT.radius + 6) * (turned ? -1 : 1);
  const turn = round(turned ? angle - 180 : angle);
  return [
    `<circle cx="${round(x)}" cy="${round(y)}" r="${SPOT.radius}"/>`,
    `<g transform="translate(${round(x)} ${round(y)}) rotate(${turn})">`,
    text(`name ${turned ? "before" : "behind"}`, { x: distance, y: 4 }, SPOT.size, shown),
    "</g>",
  ].join("");
}

function text(look: string, { x, y }: Point, size: number, shown: string): string {
  return `<text class="${look}" x="${round(x)}" y="${round(y)}" font-size="${round(size)}">${shown}</text>`;
}

function rect(x: number, y: number, width: number, height: number, radius: number): string {
  return `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
