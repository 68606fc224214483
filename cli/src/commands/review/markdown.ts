import type { Change } from "../../changes/facts.js";
import { getDisplayName } from "../../changes/rich-text.js";
import type { UnreadableUnchangedResource } from "../../changes/unchanged-connections.js";
import { formatCode, formatMessage } from "../../shared/markdown.js";
import { formatCount } from "../../shared/text.js";
import { formatDiagram, formatOrganizationTable } from "./appendix.js";
import { formatDetails, type DetailInputs } from "./details.js";
import { listOrganizations } from "./group.js";
import type { LineLimits } from "./lines.js";
import { createViolationStatement, STOP_MARK } from "./policy-statements.js";
import { getInputNoun, type Review } from "./review.js";
import {
  createChangeSections,
  createStackSections,
  formatSection,
  formatSentences,
  listViolatedRules,
} from "./sections.js";
import { groupByLocation } from "./stacks.js";
import { groupStatements, type Summarized } from "./statements.js";
import { formatSummary } from "./summary.js";
import { formatUnknowns } from "./unknowns.js";

/**
 * The maximum length of the report, in characters. A comment on GitHub holds 65,536 characters, and the job that posts the comment
 * adds a marker.
 */
const MAX_LENGTH = 65_000;
/** How many characters of the report are reserved for the diagram. */
const DIAGRAM_LENGTH = 12_000;

/** The limits, most detailed first. The later levels are for many stacks or groups, or very long names. */
const LEVELS: readonly LineLimits[] = [
  { maxLines: 20, maxStopNames: 10, maxNames: 5 },
  { maxLines: 10, maxStopNames: 3, maxNames: 3 },
  { maxLines: 5, maxStopNames: 1, maxNames: 1 },
];

/**
 * Renders the report in the Markdown of GitHub and GitLab, with at most {@link MAX_LENGTH} characters. Totals come first. The
 * sections about changes begin with what stops being shared. A group of alike changes is one line. If there is room, `<details>`
 * elements list the summarized changes and sentences. Changes that stop or may stop sharing come first there, too.
 */
export function renderMarkdown(review: Review): string {
  let text = "";
  let details: DetailInputs = { stops: [], others: [], sentences: [] };
  for (const limits of LEVELS) {
    ({ text, details } = renderSections(review, limits));
    if (text.length <= MAX_LENGTH - DIAGRAM_LENGTH) break;
  }
  const parts = [text.length <= MAX_LENGTH ? text : truncateReport(text)];
  const getRoom = () => MAX_LENGTH - parts.join("").length;
  parts.push(formatDetails(details, getRoom() - DIAGRAM_LENGTH));
  parts.push(formatDiagram(review, getRoom()));
  parts.push(formatOrganizationTable(review, getRoom()));
  return parts.join("");
}

function renderSections(review: Review, limits: LineLimits): { text: string; details: DetailInputs } {
  const { changes, hasPolicy, violations, warnings, errors, notes, isUnchangedKnown, unreadable } = review;
  const { unknowns } = review;
  const isIncomplete = errors.length > 0;
  const isComplete = unknowns.length === 0;
  const nothing = isComplete ? "Nothing." : "Nothing that the preview shows.";
  const emptyText = isIncomplete ? formatNothingSoFar(review) : nothing;
  const options = { limits, violatedRules: listViolatedRules(violations), emptyText, isComplete };
  const stacks = groupByLocation(review);
  const changeSections = stacks
    ? stacks.map((stack) => createStackSections(stack, options))
    : [createChangeSections(changes, options)];
  const violationStatements = groupStatements(violations.map(createViolationStatement));
  const warningStatements = groupStatements(warnings);
  const sections: (string | false)[] = [
    ...formatSummary(review),
    ...errors
      .slice(0, MAX_ERRORS)
      .map((error) => `> ${STOP_MARK} ${formatMessage(error, MAX_MESSAGE_LENGTH)}`),
    errors.length > MAX_ERRORS && `> and ${formatCount(errors.length - MAX_ERRORS, "more error")}`,
    !isComplete && formatUnknowns(unknowns),
    ...changeSections.flatMap(({ parts }) => parts),
    hasPolicy &&
      formatSection(
        "Policy",
        formatSentences(violationStatements, limits),
        isIncomplete ? formatNothingSoFar(review) : "No violations.",
      ),
    warnings.length > 0 && formatSection("Warnings", formatSentences(warningStatements, limits)),
    !isUnchangedKnown && !isIncomplete && changes.length > 0 && formatMissingState(review),
    unreadable.length > 0 && formatUnreadable(unreadable),
    hasUnnamedOrganizations(changes) && formatUnnamedOrganizations(review),
    hasConfiguredNames(changes) && CONFIGURED_NAMES,
    ...notes.map((note) => formatMessage(note, MAX_MESSAGE_LENGTH)),
  ];
  const listOmitted = ({ sentences }: Summarized) => sentences.slice(limits.maxLines);
  return {
    text: `${sections.filter((section) => section !== false).join("\n\n")}\n`,
    details: {
      stops: changeSections.flatMap(({ lines }) => lines.stops),
      others: changeSections.flatMap(({ lines }) => [...lines.starts, ...lines.others]),
      sentences: [
        // Without `breaks.merged`, because the lines above and the lists of changes in the details contain the same facts.
        ...changeSections.flatMap(({ breaks }) => listOmitted(breaks)),
        ...[violationStatements, warningStatements].flatMap((statements) => [
          ...statements.merged,
          ...listOmitted(statements),
        ]),
      ],
    },
  };
}

/** The maximum count of errors in the report. */
const MAX_ERRORS = 5;
/** The maximum length of an error or a note, in characters: enough for the advice at its end. */
const MAX_MESSAGE_LENGTH = 2000;
const formatNothingSoFar = (review: Review): string =>
  `Nothing so far: the ${getInputNoun(review)} is incomplete.`;

const formatMissingState = ({ inputs }: Review): string =>
  inputs.length === 1
    ? "_The state of this stack was not given, so unchanged connections may be missing from the counts and the diagram. Pass the output of `pulumi stack export` with `--state`._"
    : "_The state of at least one stack was not given, so its unchanged connections may be missing from the counts and the diagram. Pass the output of `pulumi stack export` of each stack with `--state`._";

/** A user of Terraform has no stack, and its plan refers to no configured name. */
function formatUnnamedOrganizations(review: Review): string {
  const configured =
    getInputNoun(review) === "plan"
      ? ""
      : ", or name these organizations in the stack's configuration, each with its UUID as `id`";
  return `_Some organizations are shown by UUID only. Use \`--lookup\` to get their names from Datadog${configured}._`;
}

const CONFIGURED_NAMES =
  "_A configured name comes from the program or the stack's configuration, so the author of a change can choose it. Use `--lookup` to get the names from Datadog._";

/** The maximum count of unreadable resources that are named. */
const MAX_UNREADABLE = 20;

function formatUnreadable(unreadable: readonly UnreadableUnchangedResource[]): string {
  const more = unreadable.length - MAX_UNREADABLE;
  const names = unreadable.slice(0, MAX_UNREADABLE).map(({ name }) => formatCode(name));
  const list = more > 0 ? [...names, `${more} more`] : names;
  return (
    `**NOT READ:** ${list.join(", ")}. These resources do not change. Not all of their connections can be read (because of a secret, or of ` +
    "a format that this version does not recognize). Connections that cannot be read are neither counted nor drawn."
  );
}

const hasUnnamedOrganizations = (changes: readonly Change[]): boolean =>
  listOrganizations(changes).some(
    (organization) => organization.id !== undefined && getDisplayName(organization) === undefined,
  );

const hasConfiguredNames = (changes: readonly Change[]): boolean =>
  listOrganizations(changes).some((organization) => getDisplayName(organization)?.from === "configuration");

/** Cuts off the end and adds a note. Very long names, or very many groups or notes, can exceed the limit at every level. */
function truncateReport(text: string): string {
  const note =
    "\n\n**The rest does not fit in a comment. Run `datadog-org-connections review --format json` to see all of it.**\n";
  const end = text.lastIndexOf("\n", MAX_LENGTH - note.length);
  return text.slice(0, end) + note;
}
