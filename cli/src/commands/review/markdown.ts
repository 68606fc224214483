import type { Change } from "../../changes/change.js";
import { toMarkdown, type RichText, getDisplayName } from "../../changes/rich-text.js";
import type { UnreadableUnchangedResource } from "../../changes/unchanged-connections.js";
import { formatCode, formatMessage } from "../../shared/markdown.js";
import { formatDiagram, formatOrganizationTable } from "./appendix.js";
import { describeBreaks } from "./breaks.js";
import { listOrganizations } from "./group.js";
import { createGroupedLines, createLines, type Line, type Lines } from "./lines.js";
import type { Review } from "./review.js";
import { formatSummary } from "./summary.js";

/** A comment on GitHub holds 65,536 characters. The job that posts it needs some of them for its own marker. */
const MAX_LENGTH = 65_000;
/** The characters reserved for the diagram if the text can be shortened. */
const DIAGRAM_LENGTH = 12_000;

/** A level of detail of the report. */
interface Level {
  createLines: (changes: readonly Change[]) => Lines;
  /** The most lines in a section. */
  maxLines: number;
}
/** From the most to the least detailed: every change, then changes grouped by source with fewer and fewer names. */
const LEVELS: readonly [Level, ...Level[]] = [
  { createLines, maxLines: Infinity },
  { createLines: (changes) => createGroupedLines(changes, Infinity), maxLines: Infinity },
  { createLines: (changes) => createGroupedLines(changes, 100), maxLines: 60 },
  { createLines: (changes) => createGroupedLines(changes, 10), maxLines: 30 },
];

/** The report in the Markdown of GitHub and GitLab, always in less than 65,536 characters. */
export function renderMarkdown(review: Review): string {
  let text = "";
  for (const level of LEVELS) {
    text = renderLevel(review, level);
    if (text.length <= MAX_LENGTH - DIAGRAM_LENGTH) break;
  }
  const parts = [text.length <= MAX_LENGTH ? text : truncateReport(text)];
  for (const part of [formatDiagram, formatOrganizationTable])
    parts.push(part(review, MAX_LENGTH - parts.join("").length));
  return parts.join("");
}

function renderLevel(review: Review, level: Level): string {
  const { changes, hasPolicy, violations, warnings, errors, notes, isUnchangedKnown, unreadable } = review;
  const lines = level.createLines(changes);
  const brokenRules = new Map<Change, string[]>();
  for (const { change, rule, level: severity } of violations) {
    if (severity === "error")
      brokenRules.set(change, [...new Set([...(brokenRules.get(change) ?? []), rule])]);
  }
  const formatSectionLines = (list: readonly Line[], prefix = "") =>
    formatLines(list, level.maxLines, prefix, brokenRules);
  const formatSentences = (list: readonly RichText[], prefix = "") =>
    formatLines(
      list.map((sentence) => ({ sentence, changes: [] })),
      level.maxLines,
      prefix,
      brokenRules,
    );
  const rules = violations.map(({ rule, level: severity, sentence }) => [
    severity === "error" ? `${STOP} ` : "",
    { code: rule },
    ": ",
    ...sentence,
  ]);
  const isIncomplete = errors.length > 0;
  const emptyText = isIncomplete ? NOTHING_SO_FAR : "Nothing.";
  const sections: (string | false)[] = [
    ...formatSummary(review),
    level !== LEVELS[0] && SHORTENED,
    ...errors.slice(0, 5).map((error) => `> ${STOP} ${formatMessage(error, MAX_ERROR_LENGTH)}`),
    errors.length > 5 && `> and ${errors.length - 5} more errors`,
    changes.length > 0 &&
      formatSection("What stops being shared", formatSectionLines(lines.stops, `${STOP} `), emptyText),
    changes.length > 0 && formatSection("What is newly shared", formatSectionLines(lines.starts), emptyText),
    changes.length > 0 && formatSection("What breaks", formatSentences(describeBreaks(changes)), emptyText),
    lines.others.length > 0 && formatSection("Other changes", formatSectionLines(lines.others)),
    hasPolicy &&
      formatSection("Policy", formatSentences(rules), isIncomplete ? NOTHING_SO_FAR : "No violations."),
    warnings.length > 0 &&
      formatSection("Warnings", formatSentences(warnings.map(({ sentence }) => sentence))),
    !isUnchangedKnown && !isIncomplete && changes.length > 0 && STATE_MISSING,
    unreadable.length > 0 && formatUnreadable(unreadable),
    hasUnnamedOrganizations(changes) && UNNAMED_ORGANIZATIONS,
    hasConfiguredNames(changes) && CONFIGURED_NAMES,
    ...notes.map((note) => formatMessage(note)),
  ];
  return `${sections.filter((section) => section !== false).join("\n\n")}\n`;
}

const STOP = "⛔";
/** The most characters of an error. It is long enough for the next step, which comes last in an error. */
const MAX_ERROR_LENGTH = 2000;
const NOTHING_SO_FAR = "Nothing so far: the preview is incomplete.";
const SHORTENED =
  "_Shortened to fit in a comment: similar changes are grouped. `datadog-org-connections review --format json` lists each change._";
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
  maxLines: number,
  prefix: string,
  brokenRules: ReadonlyMap<Change, readonly string[]>,
): string {
  const shown = lines.slice(0, maxLines).map(({ sentence, changes }) => {
    const rules = [...new Set(changes.flatMap((change) => brokenRules.get(change) ?? []))];
    const suffix = rules.length === 0 ? "" : ` **Violates ${rules.map(formatCode).join(", ")}.**`;
    return `- ${prefix}${toMarkdown(sentence)}${suffix}`;
  });
  const rest = lines.slice(maxLines);
  const more = rest.reduce((sum, { changes }) => sum + Math.max(1, changes.length), 0);
  return [...shown, ...(more > 0 ? [`- … and ${more} more.`] : [])].join("\n");
}

/** Cuts off the end and adds a note, because very long names can exceed the limit at every level. */
function truncateReport(text: string): string {
  const note =
    "\n\n**The rest does not fit in a comment. Run `datadog-org-connections review --format json` to see all of it.**\n";
  const end = text.lastIndexOf("\n", MAX_LENGTH - note.length);
  return text.slice(0, end) + note;
}
