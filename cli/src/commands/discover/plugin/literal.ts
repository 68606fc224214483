import { INVISIBLE } from "../../../shared/text.js";

/** The characters that a literal escapes: double quotes, backslashes, invisible characters, and all spaces except the usual one. */
const ESCAPED = new RegExp(String.raw`["\\]|(?! )[${INVISIBLE}]`, "gu");

/**
 * Formats an untrusted string as a literal in double quotes, with escapes that YAML, Python and Go all read as the same value. It
 * cannot close the literal. Half of a surrogate pair, which no file in UTF-8 can contain, becomes U+FFFD.
 */
export const formatPortableLiteral = (text: string): string => `"${text.replace(ESCAPED, escapeCharacter)}"`;

function escapeCharacter(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  if (/\p{Cs}/u.test(character)) return "\\ufffd";
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
