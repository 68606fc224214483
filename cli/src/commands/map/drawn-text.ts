import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Escapes a string for the text or an attribute of SVG and HTML. The result has no characters that XML forbids. */
export function escapeXml(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

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
