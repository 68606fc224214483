import type { Change } from "../../changes/change.js";
import { toMarkdown, type RichText } from "../../changes/rich-text.js";
import { formatChangeTable, type TableWidth } from "./change-table.js";
import { formatFolded } from "./folded.js";
import type { Line } from "./lines.js";
import { STOP_MARK } from "./policy-statements.js";

/**
 * All lines of the report, and sentences that the report does not show one by one. The details list these sentences, and the changes of
 * the lines with a `list`.
 */
export interface SummarizedLines {
  /** The lines about what stops or may stop being shared. */
  stops: readonly Line[];
  /** All other lines. */
  others: readonly Line[];
  /** About what breaks, violations and warnings. Sentences about what breaks are left out if a summary replaces them. */
  sentences: readonly RichText[];
}

/** A list of changes, or of sentences. */
interface List {
  heading: RichText;
  count: number;
  /** Formats the first items. */
  format: (count: number, width: TableWidth) => string;
}

/** A part of the details that readers open on its own. */
interface Block {
  title: string;
  lists: List[];
}

/** How many items are listed if there is not enough room for all of them. */
const ITEM_LIMITS = [1000, 500, 250, 100, 50, 20];

/**
 * Lists the changes of all lines with a `list`, because such a line does not describe each of its changes. The changes that stop or may
 * stop sharing come first, and the summarized sentences last.
 *
 * @param maxLength - the maximum length of the result, in characters. If necessary, the lists have fewer columns, then fewer items. If
 *   even that is too long, the result is empty
 */
export function formatDetails(summarized: SummarizedLines, maxLength: number): string {
  const blocks = createBlocks(summarized);
  for (const width of ["wide", "medium", "narrow"] as const) {
    const text = formatBlocks(blocks, Infinity, width);
    if (text.length <= maxLength) return text;
  }
  for (const limit of ITEM_LIMITS) {
    const text = formatBlocks(blocks, limit, "narrow");
    if (text.length <= maxLength) return text;
  }
  return "";
}

function createBlocks({ stops, others, sentences }: SummarizedLines): Block[] {
  const listed = new Set<Change>();
  const stopLists = createLists(stops, listed);
  const otherLists = createLists(others, listed);
  const sentenceList: List = {
    heading: [],
    count: sentences.length,
    format: (count) =>
      sentences
        .slice(0, count)
        .map((sentence) => `- ${toMarkdown(sentence)}`)
        .join("\n"),
  };
  const blocks = [
    { title: `${STOP_MARK} The summarized changes that stop or may stop sharing data`, lists: stopLists },
    { title: "The other summarized changes", lists: otherLists },
    { title: "The summarized consequences, violations and warnings", lists: [sentenceList] },
  ];
  return blocks.flatMap(({ title, lists }) => {
    const count = lists.reduce((sum, list) => sum + list.count, 0);
    return count === 0 ? [] : [{ title: `${title} (${count})`, lists }];
  });
}

/** Creates the lists of changes that are in no list yet: a change that stops and starts sharing is in two lines. */
function createLists(lines: readonly Line[], listed: Set<Change>): List[] {
  return lines.flatMap(({ changes, list }) => {
    const rest = list ? changes.filter((change) => !listed.has(change)) : [];
    for (const change of rest) listed.add(change);
    if (!list || rest.length === 0) return [];
    const { heading, commonEnd } = list;
    return [
      {
        heading,
        count: rest.length,
        format: (count, width) => formatChangeTable(rest.slice(0, count), commonEnd, width),
      },
    ];
  });
}

function formatBlocks(blocks: readonly Block[], maxItems: number, width: TableWidth): string {
  let room = maxItems;
  return blocks
    .map(({ title, lists }) => {
      const parts = lists.map(({ heading, count, format }) => {
        const shown = Math.min(room, count);
        room -= shown;
        const rest = count > shown ? `_${count - shown} more: see ${ALL_CHANGES}._` : "";
        return [toMarkdown(heading), shown > 0 ? format(shown, width) : "", rest];
      });
      return formatFolded(
        title,
        parts
          .flat()
          .filter((part) => part !== "")
          .join("\n\n"),
      );
    })
    .join("");
}

const ALL_CHANGES = "`datadog-org-connections review --format json`";
