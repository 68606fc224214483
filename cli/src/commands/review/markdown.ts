import type { Change } from "../../changes/change.js";
import { toMarkdown, getDisplayName } from "../../changes/rich-text.js";
import type { UnreadableUnchangedResource } from "../../changes/unchanged-connections.js";
import type { Violation } from "../../policy/rules.js";
import { formatCode, formatMessage } from "../../shared/markdown.js";
import { formatCount } from "../../shared/text.js";
import { formatDiagram, formatOrganizationTable } from "./appendix.js";
import { describeBreaks } from "./breaks.js";
import { formatDetails, type SummarizedLines } from "./details.js";
import { listOrganizations } from "./group.js";
import { createLines, type Line, type LineLimits } from "./lines.js";
import { createViolationStatement, STOP } from "./policy-statements.js";
import type { Review } from "./review.js";
import { groupStatements, type Summarized } from "./statements.js";
import { formatSummary } from "./summary.js";

/** A comment on GitHub holds 65,536 characters. The job that posts it needs some of them for its own marker. */
const MAX_LENGTH = 65_000;
/** The characters reserved for the diagram. */
const DIAGRAM_LENGTH = 12_000;

/** From the most to the least detailed. Only very long names need more than the first one. */
const LEVELS: readonly LineLimits[] = [
  { maxLines: 20, maxStopNames: 10, maxNames: 5 },
  { maxLines: 10, maxStopNames: 3, maxNames: 3 },
  { maxLines: 5, maxStopNames: 1, maxNames: 1 },
];

/**
 * The report in the Markdown of GitHub and GitLab, always in less than 65,536 characters. Totals and what stops being shared
 * come first. Alike changes are one line each, and the first `<details>` lists those that stop sharing.
 */
export function renderMarkdown(review: Review): string {
  let text = "";
  let summarized: SummarizedLines = { stops: [], others: [], sentences: [] };
  for (const limits of LEVELS) {
    ({ text, summarized } = renderSections(review, limits));
    if (text.length <= MAX_LENGTH - DIAGRAM_LENGTH) break;
  }
  const parts = [text.length <= MAX_LENGTH ? text : truncateReport(text)];
  const getRoom = () => MAX_LENGTH - parts.join("").length;
  parts.push(formatDetails(summarized, getRoom() - DIAGRAM_LENGTH));
  parts.push(formatDiagram(review, getRoom()));
  parts.push(formatOrganizationTable(review, getRoom()));
  return parts.join("");
}

function renderSections(review: Review, limits: LineLimits): { text: string; summarized: SummarizedLines } {
  const { changes, hasPolicy, violations, warnings, errors, notes, isUnchangedKnown, unreadable } = review;
  const lines = createLines(changes, limits);
  const brokenRules = listBrokenRules(violations);
  const breaks = groupStatements(describeBreaks(changes));
  const rules = groupStatements(violations.map(createViolationStatement));
  const remarks = groupStatements(warnings);
  const formatSectionLines = (list: readonly Line[], prefix = "") => formatLines(list, prefix, brokenRules);
  const formatSentences = ({ sentences }: Summarized) => {
    const shown = sentences.slice(0, limits.maxLines).map((sentence): Line => ({ sentence, changes: [] }));
    const more = sentences.length - shown.length;
    if (more > 0) shown.push({ sentence: [`… and ${more} more.`], changes: [] });
    return formatSectionLines(shown);
  };
  const isIncomplete = errors.length > 0;
  const emptyText = isIncomplete ? NOTHING_SO_FAR : "Nothing.";
  const sections: (string | false)[] = [
    ...formatSummary(review),
    ...errors.slice(0, 5).map((error) => `> ${STOP} ${formatMessage(error, MAX_ERROR_LENGTH)}`),
    errors.length > 5 && `> and ${formatCount(errors.length - 5, "more error")}`,
    changes.length > 0 &&
      formatSection("What stops being shared", formatSectionLines(lines.stops, `${STOP} `), emptyText),
    changes.length > 0 && formatSection("What is newly shared", formatSectionLines(lines.starts), emptyText),
    changes.length > 0 && formatSection("What breaks", formatSentences(breaks), emptyText),
    lines.others.length > 0 && formatSection("Other changes", formatSectionLines(lines.others)),
    hasPolicy &&
      formatSection("Policy", formatSentences(rules), isIncomplete ? NOTHING_SO_FAR : "No violations."),
    warnings.length > 0 && formatSection("Warnings", formatSentences(remarks)),
    !isUnchangedKnown && !isIncomplete && changes.length > 0 && STATE_MISSING,
    unreadable.length > 0 && formatUnreadable(unreadable),
    hasUnnamedOrganizations(changes) && UNNAMED_ORGANIZATIONS,
    hasConfiguredNames(changes) && CONFIGURED_NAMES,
    ...notes.map((note) => formatMessage(note)),
  ];
  const statements = [breaks, rules, remarks];
  return {
    text: `${sections.filter((section) => section !== false).join("\n\n")}\n`,
    summarized: {
      stops: lines.stops,
      others: [...lines.starts, ...lines.others],
      sentences: statements.flatMap(({ sentences, replaced }) => [
        ...replaced,
        ...sentences.slice(limits.maxLines),
      ]),
    },
  };
}

/** The rules that each change violates, without those that only warn. */
function listBrokenRules(violations: readonly Violation[]): Map<Change, string[]> {
  const brokenRules = new Map<Change, string[]>();
  for (const { change, rule, level } of violations) {
    if (level === "error") brokenRules.set(change, [...new Set([...(brokenRules.get(change) ?? []), rule])]);
  }
  return brokenRules;
}

/** The most characters of an error. It is long enough for the next step, which comes last in an error. */
const MAX_ERROR_LENGTH = 2000;
const NOTHING_SO_FAR = "Nothing so far: the preview is incomplete.";
const STATE_MISSING =
  "_The state was not given, so unchanged connections are neither counted nor drawn. Pass the output of `pulumi stack export` with `--state`._";

const UNNAMED_ORGANIZATIONS =
  "_Some organizations are shown by UUID only. Use `--lookup` to get their names from Datadog, or set their `id` in the stack's configuration._";

const CONFIGURED_NAMES =
  "_A configured name comes from the program and the stack's configuration, so the author of a change can choose it. Use `--lookup` to get the names from Datadog._";

const formatSection = (title: string, text: string, emptyText = ""): string =>
  `### ${title}\n\n${text === "" ? emptyText : text}`;

/** How many unreadable resources are named. */
const MAX_UNREADABLE = 20;

function formatUnreadable(unreadable: readonly UnreadableUnchangedResource[]): string {
  const more = unreadable.length - MAX_UNREADABLE;
  const names = unreadable.slice(0, MAX_UNREADABLE).map(({ name }) => formatCode(name));
  const list = more > 0 ? [...names, `${more} more`] : names;
  return (
    `**NOT READ:** ${list.join(", ")}. These resources do not change, but what they share cannot be read: it is secret, or has ` +
    "a format that this version does not recognize. It is neither counted nor drawn."
  );
}

const hasUnnamedOrganizations = (changes: readonly Change[]): boolean =>
  listOrganizations(changes).some(
    (organization) => organization.id !== undefined && getDisplayName(organization) === undefined,
  );

const hasConfiguredNames = (changes: readonly Change[]): boolean =>
  listOrganizations(changes).some((organization) => getDisplayName(organization)?.from === "configuration");

function formatLines(
  lines: readonly Line[],
  prefix: string,
  brokenRules: ReadonlyMap<Change, readonly string[]>,
): string {
  return lines
    .map((line) => `- ${prefix}${toMarkdown(line.sentence)}${formatBrokenRules(line, brokenRules)}`)
    .join("\n");
}

function formatBrokenRules({ changes }: Line, brokenRules: ReadonlyMap<Change, readonly string[]>): string {
  const broken = changes.filter((change) => brokenRules.has(change));
  if (broken.length === 0) return "";
  const rules = [...new Set(broken.flatMap((change) => brokenRules.get(change) ?? []))];
  const list = rules.map((rule) => formatCode(rule)).join(", ");
  if (changes.length === 1) return ` **Violates ${list}.**`;
  const subject = broken.length === changes.length ? "All" : `${broken.length} of them`;
  return ` **${subject} ${broken.length === 1 ? "violates" : "violate"} ${list}.**`;
}

/** Cuts off the end and adds a note, because very long names can exceed the limit at every level. */
function truncateReport(text: string): string {
  const note =
    "\n\n**The rest does not fit in a comment. Run `datadog-org-connections review --format json` to see all of it.**\n";
  const end = text.lastIndexOf("\n", MAX_LENGTH - note.length);
  return text.slice(0, end) + note;
}
