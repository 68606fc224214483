import { formatJson, INVISIBLE } from "../../shared/text.js";

/**
 * Formats an untrusted string as a TypeScript literal. The string cannot close the literal, and the literal contains no invisible or
 * bidirectional characters, so a reader sees what the compiler sees.
 */
export function formatLiteral(text: string): string {
  return formatJson(text);
}

/** Formats a text that may contain untrusted strings as `//` lines of at most `width` characters if its words allow it. */
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
