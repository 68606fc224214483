import { createHash } from "node:crypto";

/**
 * Characters that control a terminal, that change the writing direction, or that are invisible. `\p{DI}`
 * contains the joiners, variation selectors and fillers. U+2800 is a Braille character without dots. The only
 * space that is not matched is U+0020.
 */
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}`;
// Joiners and selectors within an emoji are part of its appearance, so emojis are matched first and kept.
// These are not literals, because the compiler's target has no flag `v`. The supported Node versions have it.
const EMOJI = String.raw`(?<emoji>\p{RGI_Emoji})`;
// Spaces that a reader does not notice: at either end, and after another space.
const HIDDEN_SPACE = String.raw`^ | $|(?<= ) `;
const escapable = new RegExp([EMOJI, INVISIBLE, HIDDEN_SPACE].join("|"), "gv");
// A backslash before `u{` or `#` is encoded too. Otherwise a string could imitate an escape or a truncation.
const encodable = new RegExp([EMOJI, INVISIBLE, String.raw`\\(?=u\{|#)`].join("|"), "gv");

/** Matches strings that need no encoding, which are the most common ones. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/** The maximum length of a string that is not truncated, in characters. Names in Datadog are shorter. */
const MAX_LENGTH = 200;
/** The length of the hash at the end of a truncated string. */
const HASH_LENGTH = 16;

/**
 * Escapes an untrusted string, such as the name of an organization, on one line: invisible characters, and spaces at either end
 * or after a space, become escapes such as `\u{202e}`. Nothing is removed. Escape sequences are not escaped again, whether they
 * come from this function or from `encodeText`.
 */
export const escapeInvisible = (text: string): string => replaceAll(text, escapable);

/**
 * Encodes a string from the API: invisible characters become `\u{202e}`, and a string that is longer than any
 * name is truncated. Different strings stay different: a backslash that would begin an
 * escape is escaped itself, and a truncated string ends in `\#` and a hash of the whole string.
 *
 * @param maxLength - a string whose encoded form has more characters is truncated to `maxLength + 2` characters; 200 by default
 */
export function encodeText(text: string, maxLength = MAX_LENGTH): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  const encoded = replaceAll(text, encodable);
  const characters = Array.from(encoded);
  if (characters.length <= maxLength) return encoded;
  const hash = createHash("sha256").update(text, "utf16le").digest("hex").slice(0, HASH_LENGTH);
  return `${characters.slice(0, maxLength - HASH_LENGTH).join("")}\\#${hash}`;
}

function replaceAll(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found: string, ...rest: unknown[]) => {
    const { emoji } = rest.at(-1) as { emoji?: string };
    return emoji ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/**
 * Replaces line breaks and indentation in a sentence (such as those of a template literal) with single spaces. Not for
 * names, which it would change.
 */
export const joinLines = (text: string): string => text.replace(/[ \t\r\n]+/g, " ").trim();

/** Formats a sentence that may contain untrusted strings, on one line. */
export const formatSentence = (text: string): string => escapeInvisible(joinLines(text));

/** Formats a message that may contain untrusted strings. Keeps its line breaks and indentation. */
export const formatLines = (text: string): string =>
  text.replace(/[^ \n]+/g, (word) => escapeInvisible(word));
