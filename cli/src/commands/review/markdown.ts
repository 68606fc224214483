import { toMarkdown, toTableCell } from "../../changes/rich-text.js";
import { formatMessage } from "../../shared/markdown.js";
import { formatCount } from "../../shared/text.js";
import { formatDiagram, formatOrganizationTable } from "./appendix.js";
import { STOP_MARK, type Block } from "./blocks.js";
import { formatDetails, type DetailInputs } from "./details.js";
import type { LineLimits } from "./lines.js";
import { createReport } from "./report.js";
import type { Review } from "./review.js";

/**
 * The maximum length of the report, in characters. A comment on GitHub holds 65,536 characters, and the job that posts the comment
 * adds a marker.
 */
const MAX_LENGTH = 65_000;
/** How many characters of the report are reserved for the diagram. */
const DIAGRAM_LENGTH = 12_000;

const FULL: LineLimits = { maxLines: 20, maxStopNames: 10, maxNames: 5 };
/** For many stacks or groups, or very long names. */
const SHORT: LineLimits = { maxLines: 5, maxStopNames: 1, maxNames: 1 };

/**
 * Renders the report in the Markdown of GitHub and GitLab, with at most {@link MAX_LENGTH} characters. Totals come first. The
 * sections about changes begin with what stops being shared. A group of alike changes is one line. If there is room, `<details>`
 * elements list the summarized changes and sentences. Changes that stop or may stop sharing come first there, too.
 */
export function renderMarkdown(review: Review): string {
  const full = renderLines(review, FULL);
  const { text, details } =
    full.text.length <= MAX_LENGTH - DIAGRAM_LENGTH ? full : renderLines(review, SHORT);
  const parts = [text.length <= MAX_LENGTH ? text : truncateReport(text)];
  const getRoom = () => MAX_LENGTH - parts.join("").length;
  parts.push(formatDetails(details, getRoom() - DIAGRAM_LENGTH));
  parts.push(formatDiagram(review, getRoom()));
  parts.push(formatOrganizationTable(review, getRoom()));
  return parts.join("");
}

function renderLines(review: Review, limits: LineLimits): { text: string; details: DetailInputs } {
  const { blocks, details } = createReport(review, limits);
  return { text: `${blocks.map(renderBlock).join("\n\n")}\n`, details };
}

function renderBlock(block: Block): string {
  switch (block.is) {
    case "title":
      return `## ${toMarkdown(block.text)}`;
    case "heading":
      return `### ${toMarkdown(block.text)}`;
    case "subheading":
      return `#### ${toMarkdown(block.text)}`;
    case "paragraph":
      return toMarkdown(block.text);
    case "note":
      return `_${toMarkdown(block.text)}_`;
    case "list":
      return block.items.map((item) => `- ${toMarkdown(item)}`).join("\n");
    case "table": {
      const formatRow = (cells: readonly string[]) =>
        `|${cells.map((cell) => (cell === "" ? " |" : ` ${cell} |`)).join("")}`;
      return [
        formatRow(block.head),
        formatRow(block.head.map((_, index) => (index === 0 ? "---" : "---:"))),
        ...block.rows.map(({ name, counts }) => formatRow([toTableCell(name), ...counts.map(String)])),
      ].join("\n");
    }
    case "errors": {
      const more = block.more > 0 ? [`> and ${formatCount(block.more, "more error")}`] : [];
      return [
        ...block.messages.map((error) => `> ${STOP_MARK} ${formatMessage(error, MAX_MESSAGE_LENGTH)}`),
        ...more,
      ].join("\n\n");
    }
    case "message":
      return formatMessage(block.text, MAX_MESSAGE_LENGTH);
  }
}

/** The maximum length of an error or a note, in characters: enough for the advice at its end. */
const MAX_MESSAGE_LENGTH = 2000;

/** Cuts off the end and adds a note. Very long names, or very many groups or notes, can exceed the limit. */
function truncateReport(text: string): string {
  const note =
    "\n\n**The rest does not fit in a comment. Run `datadog-org-connections review --format json` to see all of it.**\n";
  const end = text.lastIndexOf("\n", MAX_LENGTH - note.length);
  return text.slice(0, end) + note;
}
