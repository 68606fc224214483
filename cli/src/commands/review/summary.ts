import type { ChangeKind } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import { joinParts, richText, type RichText } from "../../changes/rich-text.js";
import { formatCount } from "../../shared/text.js";
import { countChanges, getInputNoun, type Review } from "./review.js";
import type { Block } from "./blocks.js";
import { groupStatements } from "./statements.js";
import { listUnknownKinds } from "./unknowns.js";

/** The rows of the table of counts, with their labels. */
const ROWS: readonly [ChangeKind, string][] = [
  ["delete", "⛔ to delete"],
  ["replace", "⛔ to replace (new ID, new creator)"],
  ["drift", "to correct (drift)"],
  ["update", "to update"],
  ["create", "to create"],
  ["adopt", "to adopt"],
  ["release", "to retain (no longer managed)"],
  ["state-only", "to update (state only)"],
];

/**
 * Creates the title and a one-sentence summary. If there are changes, adds a table with the count of each kind. Then, for several
 * stacks or plans, also adds a table with the counts of each stack and plan.
 */
export function createSummary(review: Review): Block[] {
  const { changes, unchanged } = review;
  const counts = countChanges(changes);
  const rows = ROWS.filter(([kind]) => counts[kind] > 0).map(([kind, label]) => ({
    name: [label],
    counts: [counts[kind]],
  }));
  const unchangedRows = unchanged.length > 0 ? [{ name: ["unchanged"], counts: [unchanged.length] }] : [];
  const summary: Block[] = [
    { is: "title", text: richText`Cross-organization connections${formatInputs(review)}` },
    { is: "paragraph", text: formatHeadline(review) },
  ];
  if (rows.length === 0) return summary;
  return [
    ...summary,
    { is: "table", head: ["connections", ""], rows: [...rows, ...unchangedRows] },
    ...createStackTable(review),
  ];
}

/** Formats what was reviewed, as the end of the title. */
function formatInputs({ stack, project, inputs }: Review): RichText {
  if (stack !== undefined && project !== undefined)
    return richText`: stack ${{ code: stack }} of ${{ code: project }}`;
  const plans = inputs.filter(({ kind }) => kind === "plan");
  const [first] = plans;
  if (inputs.length === 1) return first ? richText`: plan ${{ code: first.location }}` : [];
  const stackCount = inputs.length - plans.length;
  const counts = [
    ...(stackCount > 0 ? [formatCount(stackCount, "stack")] : []),
    ...(plans.length > 0 ? [formatCount(plans.length, "plan")] : []),
  ];
  return [`: ${counts.join(" and ")}`];
}

function formatHeadline(review: Review): RichText {
  const { outcome, changes, violations, warnings, unknowns } = review;
  if (outcome === "failed")
    return [{ strong: [`⛔ The ${getInputNoun(review)} failed, so this report is incomplete.`] }];
  const unknown = unknowns.length > 0 ? [`⚠️ not shown: ${listUnknownKinds(unknowns).join(", ")}`] : [];
  if (changes.length === 0)
    return unknown.length > 0
      ? [{ strong: [`${["No change of a connection is shown", ...unknown].join("; ")}.`] }]
      : ["No connections change."];
  const failure = findUpFailure(changes);
  const errors = violations.filter(({ level }) => level === "error").length;
  const warningCount = groupStatements(warnings).sentences.length;
  const parts: (string | RichText)[] = [
    ...formatCounts(changes, unknown.length === 0),
    ...unknown,
    ...(failure === undefined
      ? []
      : [richText`⛔ ${{ code: getRun(changes) }} ${failure} fail (see Warnings)`]),
    ...(errors > 0 ? [`⛔ ${formatCount(errors, "policy violation")}`] : []),
    ...(warningCount > 0 ? [formatCount(warningCount, "warning")] : []),
  ];
  return [{ strong: [...joinParts(parts, "; "), "."] }];
}

const getRun = (changes: readonly Change[]): string =>
  hasOnlyPlanCollisions(changes) ? "terraform apply" : "pulumi up";

/** Whether all collisions, if there are any, are in plans of Terraform. */
export const hasOnlyPlanCollisions = (changes: readonly Change[]): boolean =>
  changes.every(({ collision, tool }) => !collision || tool === "terraform");

/**
 * Formats the counts of all changes, of those that stop or may stop sharing, and of those that share or may share new data.
 *
 * @param isComplete - whether the preview shows everything, so that it can prove that no data stops being shared
 */
export function formatCounts(changes: readonly Change[], isComplete = true): string[] {
  const stops = changes.filter((change) => change.stops).length;
  const mayStop = changes.some((change) => change.stops?.certainty === "possible");
  const starts = changes.filter((change) => change.starts).length;
  const mayStart = changes.some((change) => change.starts?.certainty === "possible");
  return [
    formatCount(changes.length, "change"),
    ...(stops > 0
      ? [`⛔ ${formatCount(stops, "stops", "stop")}${mayStop ? " or may stop" : ""} sharing data`]
      : isComplete
        ? ["no data stops being shared"]
        : []),
    starts > 0
      ? `${formatCount(starts, "shares", "share")}${mayStart ? " or may share" : ""} new data`
      : "no new data is shared",
  ];
}

/**
 * Finds whether `pulumi up` or `terraform apply` will or may fail, because a pair already has a connection that is not adopted.
 * Undefined without such a pair.
 */
export function findUpFailure(changes: readonly Change[]): "will" | "may" | undefined {
  if (changes.some(({ fails }) => fails === "certain")) return "will";
  return changes.some(({ fails }) => fails) ? "may" : undefined;
}

/** The maximum count of stacks and plans with their own sections. If there are more, all changes are in common sections. */
const MAX_STACKS = 10;

/** The changes of one stack, or of one plan. */
export interface StackChanges {
  location: string;
  changes: readonly Change[];
}

/**
 * Groups the changes by stack or plan. Stacks and plans with a destructive change come first. Those without changes are omitted.
 * Undefined if {@link listStacks} returns only one stack or plan, or more than {@link MAX_STACKS}.
 */
export function groupByLocation(review: Review): StackChanges[] | undefined {
  const stacks = listStacks(review);
  if (stacks.length < 2 || stacks.length > MAX_STACKS) return undefined;
  return stacks.filter(({ changes }) => changes.length > 0);
}

/** Creates a table of all reviewed stacks and plans with the counts of their changes. Empty if there is only one stack or plan. */
function createStackTable(review: Review): Block[] {
  const stacks = listStacks(review);
  if (stacks.length < 2) return [];
  const rows = stacks.map(({ location, changes }) => ({
    name: [{ code: location }],
    counts: [
      changes.length,
      changes.filter(({ stops }) => stops).length,
      changes.filter(({ starts }) => starts).length,
    ],
  }));
  const head = ["stack or plan", "changes", "⛔ stop or may stop sharing", "share or may share new data"];
  return [{ is: "table", head, rows }];
}

/**
 * Lists the locations of all inputs, even of inputs without changes, and of all changes. A change may have a location that no input
 * has: a preview without steps does not name its stack, so its location is the name of its file. If its `up` deletes what an
 * interrupted replacement left in the state, these deletions have the stack as their location.
 */
function listStacks({ inputs, changes }: Review): StackChanges[] {
  const locations = new Set([...inputs, ...changes].map(({ location }) => location));
  return [...locations]
    .map((location) => ({ location, changes: changes.filter((change) => change.location === location) }))
    .toSorted((a, b) => Number(hasStop(b)) - Number(hasStop(a)));
}

const hasStop = ({ changes }: StackChanges): boolean => changes.some(({ stops }) => stops !== undefined);
