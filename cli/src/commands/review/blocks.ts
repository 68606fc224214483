import type { RichText } from "../../changes/rich-text.js";

/** A part of a report, before a renderer gives it the form of Markdown or of a text for a terminal. */
export type Block =
  | { is: "title"; text: RichText }
  | { is: "heading"; text: RichText }
  /** A heading below a heading. */
  | { is: "subheading"; text: RichText }
  | { is: "paragraph"; text: RichText }
  /** A paragraph about the report itself. */
  | { is: "note"; text: RichText }
  | { is: "list"; items: readonly RichText[] }
  | { is: "table"; head: readonly string[]; rows: readonly TableRow[] }
  /** Messages from outside, such as the errors of a preview. Commands in backticks can be copied. */
  | { is: "errors"; messages: readonly string[]; more: number }
  | { is: "message"; text: string };

/** A name and its counts. */
interface TableRow {
  name: RichText;
  counts: readonly number[];
}

/** Creates a list of the first items, with the count of the others. */
export function createList(items: readonly RichText[], max: number): Block {
  const more = items.length - max;
  return {
    is: "list",
    items: more > 0 ? [...items.slice(0, max), [`… and ${more} more.`]] : items,
  };
}

/** Creates a section: a heading, and a list or, without items, a text. */
export function createSection(title: string, list: Block, emptyText: string): Block[] {
  const isEmpty = list.is === "list" && list.items.length === 0;
  return [{ is: "heading", text: [title] }, isEmpty ? { is: "paragraph", text: [emptyText] } : list];
}

/** Marks changes that stop or may stop sharing data, violations of the level `error`, and errors of previews. */
export const STOP_MARK = "⛔";
