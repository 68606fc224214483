import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";
import { formatCount } from "../../shared/text.js";
import { formatOrganizationCounts } from "../../topology/labels.js";
import type { Topology } from "../../topology/topology.js";

/** A point, in CSS pixels from the upper left corner of the picture. */
export interface Point {
  x: number;
  y: number;
}

/** A rectangle, with its center and its size. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** An organization in the picture. */
export interface Card extends Box {
  /** Its index in the topology. */
  organization: number;
  /**
   * - `large`: a card with a name, the count of destinations and the count of sources
   * - `small`: a card with a name, in a group
   * - `spot`: a spot on a ring, with the name beside it
   */
  form: "large" | "small" | "spot";
  /** The direction from a spot to its name, in degrees, clockwise from the right. Only for spots. */
  angle?: number;
}

/** A frame around a group of organizations with the same connections. */
export interface Frame extends Box {
  /** The count of organizations in it. */
  count: number;
}

/** The line of a link, from its source to its destination. */
export interface Line {
  /** The index of its link in `GroupedTopology.links`. */
  linkIndex: number;
  /** A Bézier curve: its start, then three points for each segment. */
  curve: readonly Point[];
  /** The center of its label, if there is space for one. */
  label?: Point | undefined;
}

/** The positions of all parts of a picture. */
export interface Layout {
  width: number;
  height: number;
  /** The factor for the sizes of lines and arrowheads. */
  lineScale: number;
  cards: readonly Card[];
  frames: readonly Frame[];
  lines: readonly Line[];
}

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

/** Computes the font size of the heading of a frame. The height of a heading is not enlarged, so its text is enlarged only slightly. */
export const computeHeadingSize = (topology: Topology): number =>
  12 * Math.min(computeEnlargement(topology), 1.4);

/** Computes the width of the heading of a frame with `count` organizations, which is bold. */
export const computeHeadingWidth = (topology: Topology, count: number): number =>
  Math.ceil(measureText(formatCount(count, "organization"), computeHeadingSize(topology) * BOLD));

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

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Estimates the width of a string in any sans-serif font of the size `size`. The result has the unit of `size`. The font of the
 * reader is unknown, so the estimate for usual names is too wide rather than too narrow.
 */
export function measureText(text: string, size: number): number {
  let em = 0;
  for (const { segment } of graphemes.segment(text)) em += measureGrapheme(segment);
  return em * size;
}

/** Shortens a string that is wider than `maxWidth`, and adds an ellipsis. */
export function shortenText(text: string, size: number, maxWidth: number): string {
  if (measureText(text, size) <= maxWidth) return text;
  let shortened = "";
  let width = measureText("…", size);
  for (const { segment } of graphemes.segment(text)) {
    width += measureGrapheme(segment) * size;
    if (width > maxWidth) break;
    shortened += segment;
  }
  return `${shortened.trimEnd()}…`;
}

/** Estimates the width of a grapheme, in em. */
function measureGrapheme(grapheme: string): number {
  // Invisible characters are drawn as escape sequences, which are wider. `escapeInvisible` escapes a string that is only a space,
  // but not a space between words.
  const escaped = grapheme === " " ? grapheme : escapeInvisible(grapheme);
  if (escaped !== grapheme) return 0.6 * escaped.length;
  if (/^[ .,:;|!'ijlI()[\]]$/.test(grapheme)) return 0.31;
  if (/^[frt/-]$/.test(grapheme)) return 0.4;
  if (/^[mwMW@%]$/.test(grapheme)) return 0.9;
  if (/^\p{Lu}/u.test(grapheme)) return 0.7;
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(grapheme)) return 1.3;
  if (/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uff60]/u.test(grapheme)) {
    return 1.05;
  }
  return 0.6;
}
