import type { Change } from "../../changes/facts.js";
import {
  toMarkdown,
  type RichText,
  formatStrongOrganization,
  formatPair,
  toTableCell,
} from "../../changes/rich-text.js";
import { formatFolded } from "../../shared/markdown.js";
import type { Line } from "./lines.js";
import { STOP_MARK } from "./blocks.js";
import { getBeforeOrAfter } from "../../changes/change.js";
import { isSamePair, type OrganizationRef, type SharedData } from "../../changes/shared-data.js";
import type { CommonEnd } from "./alike.js";
import { formatStateChanges, formatTypes } from "./sentences.js";

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
  format: (shown: number, columns: Columns) => string;
}

/** A part of the details that readers open separately. */
interface Block {
  title: string;
  lists: List[];
}

/** Fewer listed items than this help nobody. */
const MIN_ITEMS = 20;

/**
 * Formats the sentences, and the changes of all lines with a `list`, because such a line does not describe each of its changes. The
 * changes that stop or may stop sharing come first, and the sentences last.
 *
 * @param maxLength - the maximum length of the result, in characters. If necessary, the lists have fewer columns, then half as many
 *   items, again and again. If the result is still too long, it is empty
 */
export function formatDetails(inputs: DetailInputs, maxLength: number): string {
  const blocks = createBlocks(inputs);
  const full = formatBlocks(blocks, Infinity, "all");
  if (full.length <= maxLength) return full;
  let items = countItems(blocks.flatMap(({ lists }) => lists));
  for (;;) {
    const text = formatBlocks(blocks, items, "few");
    if (text.length <= maxLength) return text;
    if (items <= MIN_ITEMS) return "";
    items = Math.max(MIN_ITEMS, Math.floor(items / 2));
  }
}

const countItems = (lists: readonly List[]): number => lists.reduce((sum, { count }) => sum + count, 0);

function createBlocks({ stops, others, sentences }: DetailInputs): Block[] {
  const listedStops = new Set(stops.flatMap(({ list, changes }) => (list ? changes : [])));
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
    {
      title: `${STOP_MARK} The summarized changes that stop or may stop sharing data`,
      lists: createLists(stops),
    },
    { title: "The other summarized changes", lists: createLists(others, listedStops) },
    { title: "More of what breaks, and the other violations and warnings", lists: [sentenceList] },
  ];
  return blocks.flatMap(({ title, lists }) => {
    const count = countItems(lists);
    return count === 0 ? [] : [{ title: `${title} (${count})`, lists }];
  });
}

/**
 * Creates a list for each line with a `list`, without the changes in `omitted`: a change that stops and starts sharing is in two
 * lines, but only in one list. A list without changes is left out.
 */
function createLists(lines: readonly Line[], omitted: ReadonlySet<Change> = new Set()): List[] {
  return lines.flatMap(({ changes, list }) => {
    const rest = list ? changes.filter((change) => !omitted.has(change)) : [];
    if (!list || rest.length === 0) return [];
    const { heading, commonEnd } = list;
    return [
      {
        heading,
        count: rest.length,
        format: (shown, columns) => formatChangeTable(rest.slice(0, shown), commonEnd, columns),
      },
    ];
  });
}

function formatBlocks(blocks: readonly Block[], maxItems: number, columns: Columns): string {
  let room = maxItems;
  return blocks
    .map(({ title, lists }) => {
      const parts = lists.map(({ heading, count, format }) => {
        const shown = Math.min(room, count);
        room -= shown;
        const rest = count > shown ? `_${count - shown} more: see the output of ${JSON_COMMAND}._` : "";
        return [toMarkdown(heading), shown > 0 ? format(shown, columns) : "", rest];
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

/** A column of the table. A column without any content is left out. */
interface Column {
  title: string;
  format: (change: Change) => RichText;
}

const formatEnd = (organization: OrganizationRef | undefined): RichText =>
  organization ? formatStrongOrganization(organization) : [];

const SOURCE: Column = { title: "source", format: (change) => formatEnd(getBeforeOrAfter(change)?.source) };
const SINK: Column = { title: "destination", format: (change) => formatEnd(getBeforeOrAfter(change)?.sink) };
const RESOURCE: Column = { title: "resource", format: ({ resource }) => [{ code: resource }] };
const ADDITIONAL_COLUMNS: readonly Column[] = [
  {
    title: "connection",
    format: ({ connectionId }) => (connectionId === undefined ? [] : [{ code: connectionId }]),
  },
  { title: "shares", format: formatTypesBeforeAndAfter },
  {
    title: "replaced by",
    format: ({ kind, before, after }) =>
      kind === "replace" && after && !isSamePair(before, after) ? formatPair(after) : [],
  },
  { title: "reason", format: ({ reason }) => (reason === undefined ? [] : [{ untrusted: reason }]) },
  { title: "in the state", format: ({ stateChanges }) => formatStateChanges(stateChanges) },
];

/** Which columns a table has: all of them, or only the ends and the resource. */
type Columns = "all" | "few";

/**
 * Formats a table with a row for each change.
 *
 * @param commonEnd - the end without a column, because the heading names it or because it is unknown for all changes. Undefined if
 *   both ends need a column
 */
function formatChangeTable(
  changes: readonly Change[],
  commonEnd: CommonEnd | undefined,
  shown: Columns,
): string {
  const ends = [...(commonEnd === "source" ? [] : [SOURCE]), ...(commonEnd === "sink" ? [] : [SINK])];
  const additional = shown === "all" ? ADDITIONAL_COLUMNS : [];
  const columns = [...ends, RESOURCE, ...additional].filter(({ format }) =>
    changes.some((change) => format(change).length > 0),
  );
  const formatRow = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    formatRow(columns.map(({ title }) => title)),
    formatRow(columns.map(() => "---")),
    ...changes.map((change) => formatRow(columns.map(({ format }) => toTableCell(format(change))))),
  ].join("\n");
}

/** Formats the types before and after the change. If they are the same, formats them only once. */
function formatTypesBeforeAndAfter({ before, after }: Change): RichText {
  const format = (shared: SharedData | undefined): RichText => (shared ? formatTypes(shared) : ["nothing"]);
  const [now, afterward] = [format(before), format(after)];
  return JSON.stringify(now) === JSON.stringify(afterward) ? now : [...now, " → ", ...afterward];
}
