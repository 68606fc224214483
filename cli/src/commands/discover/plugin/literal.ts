import { INVISIBLE } from "../../../shared/text.js";

/** The characters that are escaped: double quotes, backslashes, invisible characters, and all spaces except U+0020. */
const ESCAPED = new RegExp(String.raw`["\\]|(?! )[${INVISIBLE}]`, "gu");

/**
 * Formats an untrusted string as a literal in double quotes. YAML, Python and Go read the literal as the same value. The string
 * cannot close the literal. A lone surrogate becomes U+FFFD, because UTF-8 cannot encode it.
 */
export const formatPortableLiteral = (text: string): string => `"${text.replace(ESCAPED, escapeCharacter)}"`;

function escapeCharacter(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  if (/\p{Cs}/u.test(character)) return "\\ufffd";
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
