import { createHash } from "node:crypto";
import { escapeInvisible } from "datadog-org-connections-core/api/invisible.js";

/** What is shown of a name or a reason, in characters. */
const LONGEST = 500;
/** A space of no width. It keeps two characters from being read as a link, a person, an issue or an emoji. */
const APART = "&#8203;";

/** What sites make of a text after Markdown, where a backslash no longer helps: each is cut before `cut`. */
const REFERENCES = [
  // Protocols, and `www.`: GitHub Flavored Markdown makes links of both.
  String.raw`:(?=\/\/)|\b(?:mailto|xmpp):(?=\S)|\bwww(?=\.)`,
  // `evil.example`, and the domain of an e-mail address.
  String.raw`(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])`,
  // People, teams, issues, merge requests, labels, milestones, epics, snippets: `@team`, `#1`, `!1`, `~bug`, `%1`, `&1`, `$1`.
  String.raw`[@#!~%&$^](?=[\p{L}\p{N}_"'])`,
  String.raw`\bGH-(?=\d)`,
  // Emoji: `:rocket:`.
  String.raw`:(?=[\w+-]+:)`,
].join("|");
const reference = new RegExp(REFERENCES, "giu");

/**
 * A text from elsewhere as Markdown of GitHub and GitLab, on one line, also in a cell of a table: no markup, no HTML, no
 * link, and nobody is notified by it. What is not seen is written out.
 *
 * @param longest - what is shown of it, in characters
 */
export function escapeMarkdown(text: string, longest = LONGEST): string {
  const pieces: string[] = [];
  const shown = shorten(text, longest);
  let at = 0;
  for (const { 0: found, index } of shown.matchAll(reference)) {
    pieces.push(shown.slice(at, index + found.length));
    at = index + found.length;
  }
  pieces.push(shown.slice(at));
  return pieces.map(escapeMarkup).join(APART);
}

const escapeMarkup = (text: string): string =>
  text
    .replace(/[\\`*_[\]#|~$]/g, (sign) => `\\${sign}`)
    .replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A code span that holds a text to the letter. Not for a cell of a table: a code span cannot hold `|` there. */
export function formatCode(text: string): string {
  const line = shorten(text, LONGEST);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  if (longest === 0) return `\`${line}\``;
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

/** A table; the cells are texts from elsewhere. */
export function formatMarkdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const cells = rows.map((row) => line(row.map((cell) => (cell === "" ? "" : escapeMarkdown(cell)))));
  return [line(head), line(head.map(() => "---")), ...cells].join("\n");
}

/** On one line and of some length. What is cut says so, by a sum of the whole text: two long names stay two. */
function shorten(text: string, longest: number): string {
  const line = escapeInvisible(text);
  if (line === "") return "(empty)";
  const characters = Array.from(line);
  if (characters.length <= longest) return line;
  const sum = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `${characters.slice(0, longest).join("")}… (cut, SHA-256 ${sum})`;
}
