import type { Change } from "../../changes/facts.js";
import { toMarkdown, type RichText } from "../../changes/rich-text.js";
import { formatChangeTable, type TableWidth } from "./change-table.js";
import { formatFolded } from "./folded.js";
import type { Line } from "./lines.js";
import { STOP_MARK } from "./policy-statements.js";

/**
 * All lines of the report, and the sentences that the report omits or summarizes. The details contain these sentences, and the
 * changes of each line with a `list`.
 */
export interface DetailInputs {
  /** The lines about what stops or may stop being shared. */
  stops: readonly Line[];
  /** All other lines. */
  others: readonly Line[];
  /**
   * All sentences beyond the limit of their section, and the summarized sentences about violations and warnings. Summarized
   * sentences about what breaks are left out, because the lists of changes say the same.
   */
  sentences: readonly RichText[];
}

/** A list of changes, or of sentences. */
interface List {
  heading: RichText;
  count: number;
  /** Formats the first `shown` items. */
  format: (shown: number, width: TableWidth) => string;
}

/** A part of the details that readers open separately. */
interface Block {
  title: string;
  lists: List[];
}

/**
 * The limits for the count of listed items, from large to small. If not all items fit, the first limit whose details fit is used.
 */
const ITEM_LIMITS = [1000, 500, 250, 100, 50, 20];

/**
 * Formats the sentences, and the changes of all lines with a `list`, because such a line does not describe each of its changes. The
 * changes that stop or may stop sharing come first, and the sentences last.
 *
 * @param maxLength - the maximum length of the result, in characters. If necessary, the lists have fewer columns, then fewer items.
 *   If the result is still too long, it is empty
 */
export function formatDetails(inputs: DetailInputs, maxLength: number): string {
  const blocks = createBlocks(inputs);
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

function createBlocks({ stops, others, sentences }: DetailInputs): Block[] {
  const listed = new Set<Change>();
  const stopLists = createLists(stops, listed);
  const otherLists = createLists(others, listed);
  const sentenceList: List = {
    heading: [],
    count: sentences.length,
    format: (shown) =>
      sentences
        .slice(0, shown)
        .map((sentence) => `- ${toMarkdown(sentence)}`)
        .join("\n"),
  };
  const blocks = [
    { title: `${STOP_MARK} The summarized changes that stop or may stop sharing data`, lists: stopLists },
    { title: "The other summarized changes", lists: otherLists },
    { title: "More of what breaks, and the other violations and warnings", lists: [sentenceList] },
  ];
  return blocks.flatMap(({ title, lists }) => {
    const count = lists.reduce((sum, list) => sum + list.count, 0);
    return count === 0 ? [] : [{ title: `${title} (${count})`, lists }];
  });
}

/**
 * Creates a list for each line with a `list`. A change that stops and starts sharing is in two lines, but only in one list. So the
 * function omits the changes in `listed`, and adds the others to `listed`. A list without changes is left out.
 */
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
        format: (shown, width) => formatChangeTable(rest.slice(0, shown), commonEnd, width),
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
        const rest = count > shown ? `_${count - shown} more: see the output of ${JSON_COMMAND}._` : "";
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

const JSON_COMMAND = "`datadog-org-connections review --format json`";
