import { formatJson } from "../../shared/text.js";

/**
 * A text from elsewhere as a literal of TypeScript. It can end no literal, and nothing in it is invisible or turns the
 * direction of writing: a reader sees what the compiler sees.
 */
export function literal(text: string): string {
  return formatJson(text);
}

/** A text, in which there may be some from elsewhere, as `//` lines of so many signs where the words allow it. */
export function commentLines(text: string, width = 110): string[] {
  // What ends a line for the compiler (U+2028, say) is a blank here, and so is what nobody sees.
  const words = text
    .replace(/[\p{C}\p{Z}]+/gu, " ")
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
