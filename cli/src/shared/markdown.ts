import { createHash } from "node:crypto";
import { escapeInvisible } from "datadog-org-connections-core/text/escape-text.js";

/** The default maximum length of a string, in characters. A longer string is cut, and a note is appended. */
const MAX_LENGTH = 500;
/** The length of the hash in the note, in hexadecimal digits. */
const HASH_LENGTH = 12;
/** Separates characters that would otherwise become a link, a mention, an issue or an emoji. */
const ZERO_WIDTH_SPACE = "&#8203;";

/**
 * Matches the part of a link, mention, issue or emoji after which a zero-width space is inserted, such as the `@` of `@team`. A
 * backslash is not enough, because GitHub and GitLab replace such strings even after a backslash.
 */
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
 * Escapes an untrusted string for Markdown on GitHub and GitLab, so that it adds no markup, HTML, link or mention. Invisible
 * characters become escapes such as `\u{202e}`. For use within a line or a table cell. At the beginning of a line, the string could
 * start a list.
 *
 * @param maxLength - the maximum length of the string, in characters
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

/** The parts of a message that a reader copies: commands in backticks, and quoted URNs. */
const COPIED = /`(?<command>[^`]+)`|(?<quote>["'])(?<urn>urn:[^"'`]+)\k<quote>/gu;

/**
 * Formats a message on one line: an error of Pulumi, or a note. Commands in backticks and quoted URNs become code spans with their
 * exact characters, because a reader may paste them into a terminal. The rest is escaped.
 *
 * @param maxLength - the maximum length of the message, in characters
 */
export function formatMessage(text: string, maxLength = MAX_LENGTH): string {
  const line = shorten(text, maxLength);
  let formatted = "";
  let position = 0;
  for (const { 0: found, index, groups } of line.matchAll(COPIED)) {
    // Without a character between them, two code spans would become one.
    formatted += index === position && index > 0 ? ZERO_WIDTH_SPACE : escapeLine(line.slice(position, index));
    const { command, quote = "", urn = "" } = groups ?? {};
    formatted += `${quote}${formatCode(command ?? urn, Infinity)}${quote}`;
    position = index + found.length;
  }
  return formatted + escapeLine(line.slice(position));
}

/**
 * Formats a string as a code span. For a table cell, see {@link formatCodeCell}.
 *
 * @param maxLength - the maximum length of the string, in characters
 */
export function formatCode(text: string, maxLength = MAX_LENGTH): string {
  const line = shorten(text, maxLength);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  if (longest === 0) return `\`${line}\``;
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/**
 * Formats a string as a code span in a table cell. A string with `|` becomes escaped text instead, because `|` ends the cell even
 * in a code span.
 */
export const formatCodeCell = (text: string): string =>
  text.includes("|") ? escapeMarkdown(text) : formatCode(text);

/** Formats a table. The cells of the rows are escaped, because they are untrusted. The head is not escaped. */
export function formatMarkdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const formatRow = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cells = rows.map((row) => formatRow(row.map((cell) => (cell === "" ? "" : escapeMarkdown(cell)))));
  return [formatRow(head), formatRow(head.map(() => "---")), ...cells].join("\n");
}

/**
 * Converts a string to one line, and cuts the line at the maximum length. A cut line ends with a note that has a hash of the
 * complete string. The hash distinguishes long names that begin alike. An empty string becomes `(empty)`.
 */
export function shorten(text: string, maxLength = MAX_LENGTH): string {
  const line = escapeInvisible(text);
  if (line === "") return "(empty)";
  const characters = Array.from(line);
  if (characters.length <= maxLength) return line;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
  return `${characters.slice(0, maxLength).join("")}… (cut, SHA-256 ${hash})`;
}

/**
 * Formats a part of the report that readers open with a click. Escapes nothing. The title must not contain untrusted strings. The
 * content must be Markdown in which untrusted strings are already escaped.
 */
export const formatFolded = (title: string, content: string): string =>
  `\n<details><summary>${title}</summary>\n\n${content}\n\n</details>\n`;
