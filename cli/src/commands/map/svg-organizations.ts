import {
  computeEnlargement,
  FRAME_HEADING_HEIGHT,
  FRAME_PAD,
  fitName,
  LARGE_CARD,
  SMALL_CARD,
  SPOT,
} from "./measures.js";
import type { Card, Frame, Point } from "./layout.js";
import { escapeXml } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatCount } from "../../shared/text.js";
import { formatOrganizationCounts } from "../../topology/labels.js";

/** Draws a frame around each group, with the count of its organizations. */
export function drawFrames(frames: readonly Frame[], enlargement: number): string[] {
  // The height of a heading is not enlarged, so its text is enlarged only slightly.
  const size = 12 * Math.min(enlargement, 1.4);
  return frames.flatMap(({ x, y, width, height, count }) => [
    `<g class="frame">${drawRect(x, y, width, height, 12)}`,
    `${drawText("count", { x: x - width / 2 + FRAME_PAD, y: y - height / 2 + FRAME_HEADING_HEIGHT }, size, formatCount(count, "organization"))}</g>`,
  ]);
}

/**
 * Draws the organizations. If `focusable`, they can get the keyboard focus, and the script of the page shows their details. Otherwise,
 * a tooltip shows the complete name and the counts.
 */
export function drawCards(
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

const round = (value: number): number => Math.round(value * 10) / 10;
