import { shortenText, measureText } from "./drawn-text.js";
import type { Topology } from "../../topology/topology.js";
import { formatFigures } from "../../topology/words.js";

// The sizes of what is drawn, in CSS pixels: `size` is that of letters.

/** A card with nothing but a name. */
export const SMALL = { size: 13, height: 25, pad: 8, most: 200 };
/** A card with a name and a line of figures. */
export const LARGE = { size: 14, second: 12, height: 50, pad: 14, least: 120, most: 280 };
/** A name beside a spot. */
export const SPOT = { size: 12, radius: 5, most: 200 };
/** What is shared, on a line. */
export const LABEL = { size: 12.5, height: 22, pad: 9 };
/** Between two cards of a frame. */
export const GAP = 5;
export const FRAME_PAD = 12;
/** The line above the cards of a frame. */
export const FRAME_HEAD = 24;
/** Around the whole picture. */
export const MARGIN = 20;

/**
 * How much larger hubs and labels are drawn among many organizations: the whole is seen small then, and they are what is
 * looked for first.
 */
export function emphasisOf({ organizations }: Topology): number {
  if (organizations.length > 120) return 1.7;
  return organizations.length > 60 ? 1.4 : 1;
}

/** The width that all cards of a group have: that of the longest name, within bounds. */
export function smallWidth({ organizations }: Topology, members: readonly number[]): number {
  const widths = members.map((at) => measureText(organizations[at]?.name ?? "", SMALL.size));
  return Math.ceil(Math.min(SMALL.most, Math.max(60, ...widths) + 2 * SMALL.pad));
}

/** The size of a card that stands alone. */
export function largeSize(topology: Topology, at: number): { width: number; height: number } {
  const emphasis = emphasisOf(topology);
  // Bold letters are wider.
  const name = measureText(topology.organizations[at]?.name ?? "", LARGE.size) * 1.08;
  const figures = measureText(formatFigures(topology, at), LARGE.second);
  const width = Math.min(LARGE.most, Math.max(LARGE.least, Math.max(name, figures) + 2 * LARGE.pad));
  return { width: Math.ceil(width * emphasis), height: LARGE.height * emphasis };
}

/** The size of a label. */
export function labelSize(text: string, emphasis: number): { width: number; height: number } {
  return {
    width: (measureText(text, LABEL.size) + 2 * LABEL.pad) * emphasis,
    height: LABEL.height * emphasis,
  };
}

/** A name as it fits on its card. */
export function fitted(name: string, form: "large" | "small" | "spot"): string {
  if (form === "spot") return shortenText(name, SPOT.size, SPOT.most);
  if (form === "small") return shortenText(name, SMALL.size, SMALL.most - 2 * SMALL.pad);
  return shortenText(name, LARGE.size * 1.08, LARGE.most - 2 * LARGE.pad);
}
