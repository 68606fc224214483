import { shortenText, measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatOrganizationCounts } from "../../topology/labels.js";

// The sizes of drawn elements, in CSS pixels. `size` is the font size.

/** A card with a name only. */
export const SMALL_CARD = { size: 13, height: 25, pad: 8, minNameWidth: 60, maxWidth: 200 };
/** A card with a name, the count of destinations and the count of sources. */
export const LARGE_CARD = { size: 14, countsSize: 12, height: 50, pad: 14, minWidth: 120, maxWidth: 280 };
/** A spot with a name beside it. `maxWidth` is the maximum width of the name. */
export const SPOT = { size: 12, radius: 5, maxWidth: 200 };
/** The label of a line, with its types. */
export const LABEL = { size: 12.5, height: 22, pad: 9 };
/** The space between two cards of a frame. */
export const GAP = 5;
/** The space between a frame and its cards. */
export const FRAME_PAD = 12;
/** The height of the heading above the cards of a frame. */
export const FRAME_HEADING_HEIGHT = 24;
/** The space around the whole picture. */
export const MARGIN = 20;

/** By what factor bold text is wider than other text. */
const BOLD = 1.08;

/**
 * Computes the factor by which a layout from left to right enlarges large cards, labels and lines. A picture of many organizations
 * is shown at a small scale. At this scale, the labels and the organizations outside of groups, such as hubs, must remain readable.
 */
export function computeEnlargement({ organizations }: Topology): number {
  if (organizations.length > 120) return 1.7;
  return organizations.length > 60 ? 1.4 : 1;
}

/** Computes the common width of the cards of a group. The widest name determines it, within bounds. */
export function computeSmallCardWidth({ organizations }: Topology, members: readonly number[]): number {
  const widths = members.map((index) => measureText(organizations[index]?.name ?? "", SMALL_CARD.size));
  return Math.ceil(
    Math.min(SMALL_CARD.maxWidth, Math.max(SMALL_CARD.minNameWidth, ...widths) + 2 * SMALL_CARD.pad),
  );
}

/** Computes the size of the large card of an organization. */
export function computeLargeCardSize(topology: Topology, index: number): { width: number; height: number } {
  const enlargement = computeEnlargement(topology);
  const name = measureText(topology.organizations[index]?.name ?? "", LARGE_CARD.size) * BOLD;
  const counts = measureText(formatOrganizationCounts(topology, index), LARGE_CARD.countsSize);
  const width = Math.min(
    LARGE_CARD.maxWidth,
    Math.max(LARGE_CARD.minWidth, Math.max(name, counts) + 2 * LARGE_CARD.pad),
  );
  return { width: Math.ceil(width * enlargement), height: LARGE_CARD.height * enlargement };
}

/** Computes the size of a label with this text. */
export function computeLabelSize(text: string, enlargement: number): { width: number; height: number } {
  return {
    width: (measureText(text, LABEL.size) + 2 * LABEL.pad) * enlargement,
    height: LABEL.height * enlargement,
  };
}

/** Shortens a name to the space that a card of this form has for it. */
export function fitName(name: string, form: "large" | "small" | "spot"): string {
  if (form === "spot") return shortenText(name, SPOT.size, SPOT.maxWidth);
  if (form === "small") return shortenText(name, SMALL_CARD.size, SMALL_CARD.maxWidth - 2 * SMALL_CARD.pad);
  return shortenText(name, LARGE_CARD.size * BOLD, LARGE_CARD.maxWidth - 2 * LARGE_CARD.pad);
}
