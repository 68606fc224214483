import { plainText } from "./plain-text.js";

/**
 * A text from elsewhere as a cell of a Markdown table: it can end no cell, bring no markup, no link, no HTML, and call
 * nobody (`@team`).
 */
export function markdownCell(text: string): string {
  return plainText(text)
    .replace(/[\\`*_{}[\]()#!|~$:]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/@(?=[\p{L}\p{N}])/gu, "@&#8203;");
}

/** A table for Markdown; the cells are texts from elsewhere. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row.map(markdownCell)))].join(
    "\n",
  );
}
