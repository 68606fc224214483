import type { RichText } from "../../changes/rich-text.js";
import { shorten } from "../../shared/markdown.js";
import { renderTable } from "../../shared/table.js";
import type { Layout } from "../../shared/terminal.js";
import { formatCount } from "../../shared/text.js";
import { STOP_MARK, type Block } from "./blocks.js";
import { createReport } from "./report.js";
import type { Review } from "./review.js";

/** A terminal shows more lines than a comment, but a name in each of hundreds of lines helps nobody. */
const LIMITS = { maxLines: 50, maxStopNames: 10, maxNames: 5 };
/** The maximum length of an error or a note, in characters. */
const MAX_MESSAGE_LENGTH = 2000;

/** Renders the report as text for a terminal or a log: the sections of the Markdown report, without the diagram. */
export function renderText(review: Review, layout: Layout): string {
  const { blocks, details } = createReport(review, LIMITS);
  const isSummarized =
    details.sentences.length > 0 || [...details.stops, ...details.others].some(({ list }) => list);
  const hint: Block = {
    is: "note",
    text: ["Some changes are summarized: ", { code: "--format json" }, " has each of them."],
  };
  return `${[...blocks, ...(isSummarized ? [hint] : [])].map((block) => renderBlock(block, layout)).join("\n\n")}\n`;
}

function renderBlock(block: Block, layout: Layout): string {
  const format = (text: RichText) => formatText(text, layout);
  switch (block.is) {
    case "title":
    case "heading":
    case "subheading":
      return layout.heading(formatText(block.text));
    case "paragraph":
    case "note":
      return layout.hang("", format(block.text));
    case "list":
      return block.items.map((item) => layout.hang("- ", paintMark(format(item), layout))).join("\n");
    case "table":
      return renderTable(
        block.head,
        block.rows.map(({ name, counts }) => [formatText(name), ...counts.map(String)]),
      ).trimEnd();
    case "errors": {
      const more = block.more > 0 ? [`and ${formatCount(block.more, "more error")}`] : [];
      const messages = block.messages.map((error) => `${STOP_MARK} ${shorten(error, MAX_MESSAGE_LENGTH)}`);
      return [...messages, ...more].map((line) => layout.hang("", paintMark(line, layout))).join("\n");
    }
    case "message":
      return layout.hang("", shorten(block.text, MAX_MESSAGE_LENGTH));
  }
}

const paintMark = (line: string, layout: Layout): string =>
  line.startsWith(STOP_MARK) ? layout.paint("red", line) : line;

/** Formats a sentence. With a layout, bold parts are bold, if the terminal has styles. */
const formatText = (sentence: RichText, layout?: Layout): string =>
  sentence
    .map((part) => {
      if (typeof part === "string") return part;
      if ("untrusted" in part) return shorten(part.untrusted);
      if ("code" in part) return `\`${shorten(part.code)}\``;
      const text = formatText(part.strong);
      return layout ? layout.paint("bold", text) : text;
    })
    .join("");
