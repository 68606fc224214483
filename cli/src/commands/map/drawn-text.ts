import { escapeInvisible } from "datadog-org-connections-core/api/invisible.js";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A text or a value of an attribute, in SVG and HTML. Nothing that XML must not hold is left in it. */
export function escapeXml(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * How wide a text is, in units of `size` (the height of its letters): an estimate for any sans-serif face, rather too
 * wide than too narrow, since nobody knows the reader's fonts.
 */
export function measureText(text: string, size: number): number {
  let em = 0;
  for (const { segment } of graphemes.segment(text)) em += emOf(segment);
  return em * size;
}

/** The text, or as much of its beginning as fits into the width, and an ellipsis. */
export function shortenText(text: string, size: number, most: number): string {
  if (measureText(text, size) <= most) return text;
  let kept = "";
  let width = measureText("…", size);
  for (const { segment } of graphemes.segment(text)) {
    width += emOf(segment) * size;
    if (width > most) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

function emOf(grapheme: string): number {
  if (/^[ .,:;|!'ijlI()[\]]$/.test(grapheme)) return 0.31;
  if (/^[frt/-]$/.test(grapheme)) return 0.4;
  if (/^[mwMW@%]$/.test(grapheme)) return 0.9;
  if (/^\p{Lu}/u.test(grapheme)) return 0.7;
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(grapheme) && !/^\d/.test(grapheme)) return 1.3;
  if (/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uff60]/u.test(grapheme)) {
    return 1.05;
  }
  // What is not seen is written out.
  const written = grapheme === " " ? grapheme : escapeInvisible(grapheme);
  return 0.6 * (written === grapheme ? 1 : written.length);
}
