import type { Change } from "../../changes/facts.js";
import {
  getDisplayName,
  joinParts,
  richText,
  type RichText,
  formatPair,
  formatStrongOrganization,
} from "../../changes/rich-text.js";
import type { UnreadableUnchangedResource } from "../../changes/unchanged-connections.js";
import { createList, createSection, type Block, STOP_MARK } from "./blocks.js";
import type { DetailInputs } from "./details.js";
import { listOrganizations } from "./group.js";
import type { LineLimits } from "./lines.js";
import { getInputNoun, type Review } from "./review.js";
import { createChangeSections, createStackSections, listViolatedRules } from "./sections.js";
import { groupByLocation, createSummary } from "./summary.js";
import { groupStatements, type Summarized, type Alike, type Statement } from "./statements.js";
import { createUnknownsSection } from "./unknowns.js";
import type { RuleName } from "../../policy/policy.js";
import { formatProtection, type Violation } from "../../policy/rules.js";

/** The blocks of a report, and what they summarize. */
export interface Report {
  blocks: Block[];
  details: DetailInputs;
}

/** Creates the report about a review. Totals come first, then what stops being shared. A group of alike changes is one line. */
export function createReport(review: Review, limits: LineLimits): Report {
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
  const list = ({ sentences }: Summarized) => createList(sentences, limits.maxLines);
  const noViolations = isIncomplete ? formatNothingSoFar(review) : "No violations.";
  const createNote = (text: RichText): Block => ({ is: "note", text });
  const blocks: Block[] = [
    ...createSummary(review),
    ...(isIncomplete ? [createErrors(errors)] : []),
    ...(isComplete ? [] : createUnknownsSection(unknowns)),
    ...changeSections.flatMap((section) => section.blocks),
    ...(hasPolicy ? createSection("Policy", list(violationStatements), noViolations) : []),
    ...(warnings.length > 0 ? createSection("Warnings", list(warningStatements), "") : []),
    ...(!isUnchangedKnown && !isIncomplete && changes.length > 0
      ? [createNote(formatMissingState(review))]
      : []),
    ...(unreadable.length > 0 ? [{ is: "paragraph" as const, text: formatUnreadable(unreadable) }] : []),
    ...(hasUnnamedOrganizations(changes) ? [createNote(formatUnnamedOrganizations(review))] : []),
    ...(hasConfiguredNames(changes) ? [createNote(CONFIGURED_NAMES)] : []),
    ...notes.map((text): Block => ({ is: "message", text })),
  ];
  const listOmitted = ({ sentences }: Summarized) => sentences.slice(limits.maxLines);
  return {
    blocks,
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

const createErrors = (errors: readonly string[]): Block => ({
  is: "errors",
  messages: errors.slice(0, MAX_ERRORS),
  more: Math.max(0, errors.length - MAX_ERRORS),
});

const formatNothingSoFar = (review: Review): string =>
  `Nothing so far: the ${getInputNoun(review)} is incomplete.`;

const formatMissingState = ({ inputs }: Review): RichText =>
  inputs.length === 1
    ? richText`The state of this stack was not given, so unchanged connections may be missing from the counts and the diagram. Pass the output of ${EXPORT} with ${{ code: "--state" }}.`
    : richText`The state of at least one stack was not given, so its unchanged connections may be missing from the counts and the diagram. Pass the output of ${EXPORT} of each stack with ${{ code: "--state" }}.`;
const EXPORT = { code: "pulumi stack export" };

/** A user of Terraform has no stack, and its plan refers to no configured name. */
function formatUnnamedOrganizations(review: Review): RichText {
  const configured =
    getInputNoun(review) === "plan"
      ? ""
      : richText`, or name these organizations in the stack's configuration, each with its UUID as ${{ code: "id" }}`;
  return richText`Some organizations are shown by UUID only. Use ${LOOKUP} to get their names from Datadog${configured}.`;
}
const LOOKUP = { code: "--lookup" };

const CONFIGURED_NAMES = richText`A configured name comes from the program or the stack's configuration, so the author of a change can choose it. Use ${LOOKUP} to get the names from Datadog.`;

/** The maximum count of unreadable resources that are named. */
const MAX_UNREADABLE = 20;

function formatUnreadable(unreadable: readonly UnreadableUnchangedResource[]): RichText {
  const more = unreadable.length - MAX_UNREADABLE;
  const names = unreadable.slice(0, MAX_UNREADABLE).map(({ name }) => ({ code: name }));
  const list = joinParts(more > 0 ? [...names, `${more} more`] : names, ", ");
  return richText`${{ strong: ["NOT READ:"] }} ${list}. These resources do not change. Not all of their connections can be read (because of a secret, or of a format that this version does not recognize). Connections that cannot be read are neither counted nor drawn.`;
}

const hasUnnamedOrganizations = (changes: readonly Change[]): boolean =>
  listOrganizations(changes).some(
    (organization) => organization.id !== undefined && getDisplayName(organization) === undefined,
  );

const hasConfiguredNames = (changes: readonly Change[]): boolean =>
  listOrganizations(changes).some((organization) => getDisplayName(organization)?.from === "configuration");

/** What a summary says about many connections or sources that violate or may violate the same rule. */
const SUMMARIES: Record<RuleName, (change: Change) => RichText> = {
  allow: () => ["are or may be outside the allow-list"],
  reason: () => richText`do not have the required ${{ code: "reason" }}`,
  maxDestinations: () => ["would or may share with too many destinations"],
  protect: (change) => richText`need ${formatProtection(change)}`,
};

/** Creates a statement about a violation. Violations of one rule are alike, but `protect` has a separate summary for Terraform. */
export function createViolationStatement({ rule, level, change, sentence }: Violation): Statement {
  const start = richText`${level === "error" ? `${STOP_MARK} ` : ""}${{ code: rule }}: `;
  const shared = change.after ?? change.before;
  const isAboutSource = rule === "maxDestinations";
  const alike: Alike = {
    subject: isAboutSource ? formatStrongOrganization(shared.source) : formatPair(shared),
    noun: isAboutSource ? "organizations" : "connections",
    // A change that violates several entries of a rule is counted once. So is a source: for `maxDestinations`, `change` is always
    // the first change that adds or may add a destination to the source.
    about: change,
    summarize: (subjects) => richText`${start}${subjects} ${SUMMARIES[rule](change)}.`,
  };
  return { sentence: [...start, ...sentence], alike };
}
