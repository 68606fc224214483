import { formatJson, INVISIBLE } from "../../shared/text.js";

/**
 * Formats an untrusted string as a TypeScript literal. The string cannot close the literal. The literal contains no bidirectional
 * control characters, and no invisible characters except spaces (U+0020), so a reader sees what the compiler sees.
 */
export function formatLiteral(text: string): string {
  return formatJson(text);
}

/**
 * Formats a text as a comment of `//` lines. The text may contain untrusted strings. Only a line with a single word can be longer
 * than `width` characters.
 */
export function formatComment(text: string, width = 110): string[] {
  // Characters that end a line for the compiler (such as U+2028) and invisible characters become spaces.
  const words = text
    .replace(new RegExp(`[${INVISIBLE}]+`, "gu"), " ")
    .trim()
    .split(" ");
  const lines: string[] = [];
  let line = "//";
  for (const word of words) {
    if (line !== "//" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "//";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

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
