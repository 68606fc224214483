import { createHash } from "node:crypto";

/** What no reader sees, or what steers a terminal or the direction of writing. Joiners stay: emoji and scripts need them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]/gu;
const JOINERS = ["\u200c", "\u200d"];

/** Most names: nothing to do. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;
/** The longest name that is kept as it is, in characters. */
const LONGEST_NAME = 200;
/** Characters of a hash at the end of a text that was cut. */
const HASH_LENGTH = 16;

/**
 * A text of the API with its control, format and bidirectional characters as visible escapes (`\u{1b}`), and cut where it
 * is longer than a name can be. Two different texts never become equal: a backslash is doubled, so each escape has one
 * meaning, and a text that was cut ends in `\#` and a hash of all of it.
 *
 * @param longest - in characters. Default: 200
 */
export function makeVisible(text: string, longest = LONGEST_NAME): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  const visible = text.replace(UNSEEN, escapeCharacter);
  const characters = Array.from(visible);
  if (characters.length <= longest) return visible;
  const hash = createHash("sha256").update(text, "utf16le").digest("hex").slice(0, HASH_LENGTH);
  return `${characters.slice(0, longest - HASH_LENGTH).join("")}\\#${hash}`;
}

function escapeCharacter(character: string): string {
  if (JOINERS.includes(character)) return character;
  return character === "\\" ? "\\\\" : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
