import { createHash } from "node:crypto";

/**
 * Characters that control a terminal, that change the writing direction, or that are invisible. `\p{DI}`
 * contains the joiners, variation selectors and fillers. U+2800 is a Braille character without dots. Every space character
 * except U+0020 is matched.
 */
const INVISIBLE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}`;
// Joiners and selectors within an emoji are part of its appearance, so emojis are matched first and not changed.
// The patterns are strings, because the compiler's target has no flag `v` for literals. The supported Node versions have the flag.
const EMOJI = String.raw`(?<emoji>\p{RGI_Emoji})`;
// Spaces that a reader does not notice: at the start, at the end, and after another space.
const HIDDEN_SPACE = String.raw`^ | $|(?<= ) `;
const escapable = new RegExp([EMOJI, INVISIBLE, HIDDEN_SPACE].join("|"), "gv");
// A backslash before `u{` or `#` is encoded too. Otherwise, a string could imitate an escape or the end of a truncated string.
const encodable = new RegExp([EMOJI, INVISIBLE, String.raw`\\(?=u\{|#)`].join("|"), "gv");

/** Matches strings that need no encoding, which are the most common ones. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/** The default `maxLength` of {@link encodeText}, in characters. Names in Datadog are shorter. */
const MAX_LENGTH = 200;
/** The length of the hash at the end of a truncated string, in hexadecimal digits. */
const HASH_LENGTH = 16;

/**
 * Escapes an untrusted string, such as the name of an organization, so that it has one line and shows every character. Invisible
 * characters become escapes such as `\u{202e}`. Spaces at either end or after another space are escaped too. Nothing is removed.
 * Escapes from this function and from `encodeText` are not escaped again.
 */
export const escapeInvisible = (text: string): string => escapeMatches(text, escapable);

/**
 * Encodes an untrusted string. Invisible characters become escapes such as `\u{202e}`. An encoded string of more than `maxLength`
 * characters is truncated.
 *
 * Different strings stay different. A backslash that would begin an escape is escaped too. A truncated string ends in `\#` and a
 * hash of the whole string.
 *
 * @param maxLength - a longer encoded string is truncated to this length, including its hash, but not counting the `\#` before the
 *   hash. Default: 200
 */
export function encodeText(text: string, maxLength = MAX_LENGTH): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text;
  const encoded = escapeMatches(text, encodable);
  const characters = Array.from(encoded);
  if (characters.length <= maxLength) return encoded;
  const hash = createHash("sha256").update(text, "utf16le").digest("hex").slice(0, HASH_LENGTH);
  return `${characters.slice(0, maxLength - HASH_LENGTH).join("")}\\#${hash}`;
}

/** Replaces each match of a pattern, except an emoji, with the escape of its first code point. */
function escapeMatches(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found: string, ...rest: unknown[]) => {
    const { emoji } = rest.at(-1) as { emoji?: string };
    return emoji ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/**
 * Replaces each sequence of spaces, tabs and line breaks in a sentence with one space, and trims both ends. Do not use it for a
 * name alone: several spaces in a name must stay visible.
 */
export const joinLines = (text: string): string => text.replace(/[ \t\r\n]+/g, " ").trim();

/** Formats a sentence that may contain untrusted strings, on one line. Several spaces become one, even in a name. */
export const formatSentence = (text: string): string => escapeInvisible(joinLines(text));

/** Formats a message of several lines that may contain untrusted strings. Its line breaks and spaces do not change. */
export const formatLines = (text: string): string =>
  text.replace(/[^ \n]+/g, (word) => escapeInvisible(word));

/** Formats an argument of a command for a POSIX shell, in single quotes. */
export const formatArgument = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const PLACEHOLDER = "[credential]";

/** Creates a function that replaces all secrets in a string, plain or URL-encoded. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((form) => form !== "")
    // Longest first, so that a secret that contains another one is replaced as a whole.
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((redacted, form) => redacted.split(form).join(PLACEHOLDER), text);
}
