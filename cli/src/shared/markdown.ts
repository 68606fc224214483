import { createHash } from "node:crypto";
import { escapeInvisible } from "datadog-org-connections-core/api/escape-text.js";

/** The maximum length of a text if the caller sets none, in characters. A longer text gets a note in addition. */
const MAX_LENGTH = 500;
/** Separates characters that would otherwise become a link, a mention, an issue or an emoji. */
const ZERO_WIDTH_SPACE = "&#8203;";

/** The strings that GitHub and GitLab replace even after a backslash. A zero-width space is inserted after each match. */
const REFERENCE_PATTERN = [
  // Protocols, and `www.`: GitHub Flavored Markdown turns both into links.
  String.raw`:(?=\/\/)|\b(?:mailto|xmpp):(?=\S)|\bwww(?=\.)`,
  // `evil.example`, and the domain of an e-mail address.
  String.raw`(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])`,
  // People, teams, issues, merge requests, labels, milestones, epics, snippets, alerts: `@team`, `#1`, `!1`, `~bug`, `%1`, `&1`,
  // `$1`, `^alert#1`.
  String.raw`[@#!~%&$^](?=[\p{L}\p{N}_"'])`,
  String.raw`\bGH-(?=\d)`,
  // Emoji: `:rocket:`.
  String.raw`:(?=[\w+-]+:)`,
].join("|");
const REFERENCE = new RegExp(REFERENCE_PATTERN, "giu");

/**
 * Escapes text from outside for Markdown on GitHub and GitLab, within a line or a table cell: no markup, no HTML, no link, no
 * mention. Invisible characters are shown as codes. At the beginning of a line, the text could begin a list.
 *
 * @param maxLength - its maximum length, in characters
 */
export const escapeMarkdown = (text: string, maxLength = MAX_LENGTH): string =>
  escapeLine(shorten(text, maxLength));

function escapeLine(line: string): string {
  const pieces: string[] = [];
  let position = 0;
  for (const { 0: found, index } of line.matchAll(REFERENCE)) {
    pieces.push(line.slice(position, index + found.length));
    position = index + found.length;
  }
  pieces.push(line.slice(position));
  return pieces.map(escapeMarkup).join(ZERO_WIDTH_SPACE);
}

const escapeMarkup = (text: string): string =>
  text
    .replace(/[\\`*_[\]#|~$]/g, (character) => `\\${character}`)
    .replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

/** What a reader copies from a message: a command in backticks, and a quoted URN. */
const COPIED = /`(?<command>[^`]+)`|(?<quote>["'])(?<urn>urn:[^"'`]+)\k<quote>/gu;

/**
 * Formats an error of Pulumi or a note on one line. Commands in backticks and quoted URNs become code spans with the exact
 * text, because the characters that prevent links must not get into a terminal. The rest is escaped.
 *
 * @param maxLength - its maximum length, in characters
 */
export function formatMessage(text: string, maxLength = MAX_LENGTH): string {
  const line = shorten(text, maxLength);
  let formatted = "";
  let position = 0;
  for (const { 0: found, index, groups } of line.matchAll(COPIED)) {
    // Two code spans without a character in between would become one.
    formatted += index === position && index > 0 ? ZERO_WIDTH_SPACE : escapeLine(line.slice(position, index));
    const { command, quote = "", urn = "" } = groups ?? {};
    formatted += `${quote}${formatCode(command ?? urn, Infinity)}${quote}`;
    position = index + found.length;
  }
  return formatted + escapeLine(line.slice(position));
}

/**
 * Formats text as a code span. For a table cell, see {@link formatCodeCell}.
 *
 * @param maxLength - its maximum length, in characters
 */
export function formatCode(text: string, maxLength = MAX_LENGTH): string {
  const line = shorten(text, maxLength);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  if (longest === 0) return `\`${line}\``;
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/** Formats text as a code span in a table cell. A code span in a cell cannot contain `|`, so such text is escaped instead. */
export const formatCodeCell = (text: string): string =>
  text.includes("|") ? escapeMarkdown(text) : formatCode(text);

/** Formats a table. The cells of the rows are text from outside, which is escaped; the head is not escaped. */
export function formatMarkdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const formatRow = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cells = rows.map((row) => formatRow(row.map((cell) => (cell === "" ? "" : escapeMarkdown(cell)))));
  return [formatRow(head), formatRow(head.map(() => "---")), ...cells].join("\n");
}

/**
 * Shortens text to one line of a maximum length, followed by a note if it was cut. The hash of the complete text in the note
 * distinguishes two long names. Empty text becomes `(empty)`.
 */
function shorten(text: string, maxLength: number): string {
  const line = escapeInvisible(text);
  if (line === "") return "(empty)";
  const characters = Array.from(line);
  if (characters.length <= maxLength) return line;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `${characters.slice(0, maxLength).join("")}… (cut, SHA-256 ${hash})`;
}
