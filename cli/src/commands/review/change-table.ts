import { getBeforeOrAfter } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import { formatStrongOrganization, formatPair, toTableCell, type RichText } from "../../changes/rich-text.js";
import { isSamePair, type OrganizationRef, type SharedData } from "../../changes/shared-data.js";
import type { CommonEnd } from "./alike.js";
import { formatStateChanges, formatTypes } from "./sentences.js";

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
const CONNECTION: Column = {
  title: "connection",
  format: ({ connectionId }) => (connectionId === undefined ? [] : [{ code: connectionId }]),
};
const DETAIL_COLUMNS: readonly Column[] = [
  { title: "shares", format: formatTypesBeforeAndAfter },
  {
    title: "replaced by",
    format: ({ kind, before, after }) =>
      kind === "replace" && after && !isSamePair(before, after) ? formatPair(after) : [],
  },
  { title: "reason", format: ({ reason }) => (reason === undefined ? [] : [{ untrusted: reason }]) },
  { title: "in the state", format: ({ stateChanges }) => formatStateChanges(stateChanges) },
];

export type TableWidth = "wide" | "medium" | "narrow";

/** The columns of each width, in addition to the ends and the resource. */
const ADDITIONAL_COLUMNS: Record<TableWidth, readonly Column[]> = {
  wide: [CONNECTION, ...DETAIL_COLUMNS],
  medium: [CONNECTION],
  narrow: [],
};

/**
 * Formats a table with a row for each change.
 *
 * @param commonEnd - the end without a column, because the heading names it or because it is unknown for all changes. Undefined if
 *   both ends need a column
 */
export function formatChangeTable(
  changes: readonly Change[],
  commonEnd: CommonEnd | undefined,
  width: TableWidth,
): string {
  const ends = [...(commonEnd === "source" ? [] : [SOURCE]), ...(commonEnd === "sink" ? [] : [SINK])];
  const columns = [...ends, RESOURCE, ...ADDITIONAL_COLUMNS[width]].filter(({ format }) =>
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
