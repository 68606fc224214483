import { createHash } from "node:crypto";

/**
 * Characters that a terminal obeys, that turn the direction of writing, or that nobody sees: `\p{DI}` has the joiners,
 * variation selectors and fillers, U+2800 is a Braille character without dots. Of the spaces only the usual one is left.
 */
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}`;
// Joiners and selectors within an emoji are part of what is seen. The engines that run this know `v`, the compiler not.
const EMOJI = String.raw`(?<emoji>\p{RGI_Emoji})`;
// Spaces that nobody sees: at either end, and after another one.
const HIDDEN_SPACE = String.raw`^ | $|(?<= ) `;
const escapable = new RegExp([EMOJI, INVISIBLE, HIDDEN_SPACE].join("|"), "gv");
// Otherwise a text could pretend to hold what was encoded or cut.
const encodable = new RegExp([EMOJI, INVISIBLE, String.raw`\\(?=u\{|#)`].join("|"), "gv");

/** Most texts: nothing to do. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/** The longest text that is kept whole, in characters: more than any name at Datadog. */
const LONGEST = 200;
/** Characters of a hash at the end of a text that was cut. */
const HASH_LENGTH = 16;

/**
 * A text from elsewhere (the name of an organization, say) on one line, with what nobody would see written as `\u{202e}`.
 * Nothing is left out. A second pass changes nothing, so that what was encoded where it arrived is shown as it is.
 */
export const escapeInvisible = (text: string): string => replaceAll(text, escapable);

/**
 * Encodes a text where it arrives from the API: what nobody would see as `\u{202e}`, and cut where it is longer than a
 * name can be. Two different texts never become equal: a backslash that would begin such an escape is one itself, and a
 * text that was cut ends in `\#` and a hash of all of it.
 *
 * @param longest - in characters. Default: 200
 */
export function encodeText(text: string, longest = LONGEST): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  const encoded = replaceAll(text, encodable);
  const characters = Array.from(encoded);
  if (characters.length <= longest) return encoded;
  const hash = createHash("sha256").update(text, "utf16le").digest("hex").slice(0, HASH_LENGTH);
  return `${characters.slice(0, longest - HASH_LENGTH).join("")}\\#${hash}`;
}

function replaceAll(text: string, characters: RegExp): string {
  return text.replace(characters, (found: string, ...more: unknown[]) => {
    const { emoji } = more.at(-1) as { emoji?: string };
    return emoji ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** A sentence of ours on one line: its line breaks and indentations are plain spaces. Not for a name. */
export const joinLines = (text: string): string => text.replace(/[ \t\r\n]+/g, " ").trim();

/** A sentence of ours in which there may be texts from elsewhere, on one line. */
export const formatSentence = (text: string): string => escapeInvisible(joinLines(text));

/** A message of ours that has lines and indentations of its own. */
export const formatLines = (text: string): string =>
  text.replace(/[^ \n]+/g, (word) => escapeInvisible(word));
