import { computeChanges, type Changes } from "../../changes/compute-changes.js";
import type { ChangeKind } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import type { SharedData } from "../../changes/shared-data.js";
import { listFanOuts } from "../../changes/fan-out.js";
import type { Unknown } from "../../changes/unknowns.js";
import type { OrganizationDirectory } from "../../changes/organization-directory.js";
import type { StateResource } from "../../stack/resource-state.js";
import type { Preview, ProviderFacts, SourcePosition } from "../../stack/step.js";
import type { StateLocations } from "../../stack/pulumi-state.js";
import type { UnreadableUnchangedResource } from "../../changes/unchanged-connections.js";
import { getResourceKey } from "../../stack/resources.js";
import type { Policy } from "../../policy/policy.js";
import { findViolations, type Violation } from "../../policy/rules.js";
import { findWarnings } from "./warnings.js";
import type { Warning } from "./statements.js";

/** The result of the review. If several outcomes apply, the first in this list is used. */
export type Outcome = "failed" | "violation" | "destructive" | "incomplete" | "changes" | "none";

/** A preview or a plan that was reviewed. */
type ReviewedInput = Pick<Preview, "kind" | "location">;

/** The content of a report. */
export interface Review {
  /** What was reviewed. */
  inputs: ReviewedInput[];
  /** The project of the preview. Set only for a single input that names its stack. */
  project?: string;
  /** The stack of the preview. Set in the same cases as `project`. */
  stack?: string;
  outcome: Outcome;
  changes: Change[];
  unchanged: SharedData[];
  /** Unchanged resources whose connections cannot all be read. Their readable connections are in `unchanged`. */
  unreadable: UnreadableUnchangedResource[];
  /** Whether `unchanged` has every unchanged connection that can be read. */
  isUnchangedKnown: boolean;
  /** Whether `unchanged` has every unchanged connection. */
  complete: boolean;
  /**
   * Where the program creates each resource, by {@link getResourceKey}, if the preview shows it. Paths are relative to the folder
   * of the project. With several projects, only the resources of {@link ReviewInputs.project} have a position.
   */
  positions: ReadonlyMap<string, SourcePosition>;
  /** Whether a policy was given. */
  hasPolicy: boolean;
  violations: Violation[];
  warnings: Warning[];
  /** What the previews do not show, although it matters for the reviewed operation. Empty if a preview failed. */
  unknowns: Unknown[];
  /** Errors of the previews. If there are any, the review is incomplete, and no connection is reported as unchanged. */
  errors: string[];
  /** What the reader should know about the inputs and the lookup. */
  notes: string[];
}

/** The inputs of a review. */
export interface ReviewInputs {
  /** Previews and plans. Their changes are computed together, because a connection can move from one stack to another. */
  previews: readonly Preview[];
  state?: readonly StateResource[] | undefined;
  /** The stacks of the states, including those without a connection. @default the stacks of `state` */
  stateLocations?: StateLocations | undefined;
  /** The provider resources in the states. */
  stateProviders?: readonly ProviderFacts[] | undefined;
  policy?: Policy | undefined;
  directory?: OrganizationDirectory | undefined;
  notes?: readonly string[];
  /** The name of the project whose folder is known. */
  project?: string | undefined;
}

/** Creates the review of previews and plans. */
export function createReview({
  previews,
  state,
  stateLocations,
  stateProviders,
  policy,
  directory,
  notes = [],
  project,
}: ReviewInputs): Review {
  const result = computeChanges(previews, state, directory, stateLocations, stateProviders);
  const { changes, unchanged, unreadable, isUnchangedKnown, complete } = result;
  const fanOuts = listFanOuts(result);
  const violations = policy ? findViolations(policy, changes, fanOuts, isUnchangedKnown) : [];
  const errors = previews.flatMap(({ diagnostics }) =>
    diagnostics.flatMap(({ severity, message }) => (severity === "error" ? [formatDiagnostic(message)] : [])),
  );
  // A failed preview has not reached every resource, so nothing is reported as unchanged.
  const isIncomplete = errors.length > 0;
  return {
    inputs: previews.map(({ kind, location }) => ({ kind, location })),
    // Several inputs may be of different stacks, so `project` and `stack` are set only if there is a single input.
    ...(previews.length === 1 ? previews[0]?.stack : undefined),
    outcome: getOutcome(result, violations, errors),
    changes,
    unchanged: isIncomplete ? [] : unchanged,
    unreadable: isIncomplete ? [] : unreadable,
    isUnchangedKnown: isUnchangedKnown && !isIncomplete,
    complete: complete && !isIncomplete,
    positions: listPositions(previews, project),
    hasPolicy: policy !== undefined,
    violations,
    warnings: findWarnings(changes, fanOuts, result.multiOwnerConnections),
    unknowns: isIncomplete ? [] : result.unknowns,
    errors,
    notes: [...notes, ...result.notes],
  };
}

function listPositions(
  previews: readonly Preview[],
  project: string | undefined,
): Map<string, SourcePosition> {
  const projects = new Set(previews.flatMap(({ stack }) => stack?.project ?? []));
  const hasKnownFolder = ({ stack }: Preview) =>
    projects.size <= 1 || (stack !== undefined && stack.project === project);
  return new Map(
    previews
      .filter(hasKnownFolder)
      .flatMap(({ steps }) =>
        steps.flatMap(({ resource, position }) =>
          position ? [[getResourceKey(resource), position] as const] : [],
        ),
      ),
  );
}

/** Returns the noun for what was reviewed: `plan` if all inputs are plans, otherwise `preview`. */
export const getInputNoun = ({ inputs }: Pick<Review, "inputs">): "plan" | "preview" =>
  inputs.every(({ kind }) => kind === "plan") ? "plan" : "preview";

/** Counts the changes of each kind. */
export function countChanges(changes: readonly Change[]): Record<ChangeKind, number> {
  const counts = {
    delete: 0,
    replace: 0,
    drift: 0,
    update: 0,
    create: 0,
    adopt: 0,
    release: 0,
    "state-only": 0,
  };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}

function getOutcome(
  { changes, unknowns }: Changes,
  violations: readonly Violation[],
  errors: readonly string[],
): Outcome {
  if (errors.length > 0) return "failed";
  if (violations.some(({ level }) => level === "error")) return "violation";
  if (changes.some(({ stops }) => stops)) return "destructive";
  if (unknowns.length > 0) return "incomplete";
  return changes.length > 0 ? "changes" : "none";
}

/** Formats an error in one line, without its stack trace and without the engine's additions to the message. */
const formatDiagnostic = (message: string): string =>
  message
    .replace(/^error: /, "")
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .join(" ")
    .trim()
    // `… resource 'hub': property sinkOrgId value {…} has a problem: …` becomes `hub: …`.
    .replace(/^\S+ resource '(.*?)': property \S+ value \{.*?\} has a problem: /, "$1: ");
