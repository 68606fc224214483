import { changesOf, type Changes } from "../../changes/changes.js";
import { isDestructive, type Change, type ChangeKind } from "../../changes/change.js";
import type { Sharing } from "../../changes/sharing.js";
import { fansOf } from "../../changes/fans.js";
import type { Known } from "../../changes/known.js";
import type { StateResource } from "../../stack/state.js";
import type { Unread } from "../../changes/staying.js";
import type { Preview } from "../../stack/step.js";
import type { Policy } from "../../policy/policy.js";
import { violations, type Violation } from "../../policy/rules.js";
import { warningsOf, type Warning } from "./warnings.js";

/** What the review comes to; the heaviest counts. */
export type Outcome = "failed" | "violation" | "destructive" | "changes" | "none";

/** All that a report tells. */
export interface Review {
  project?: string;
  stack?: string;
  outcome: Outcome;
  changes: Change[];
  stays: Sharing[];
  /** Resources that stay, and of which it cannot be read what they share. */
  unreadable: Unread[];
  /** Whether all that can be read of what stays is known. */
  isListed: boolean;
  isWhole: boolean;
  /** Whether a policy was given. */
  isPolicyGiven: boolean;
  violations: Violation[];
  warnings: Warning[];
  /** Errors of the preview: it is not complete, and nothing is said to stay. */
  errors: string[];
  /** What the reader should know of the report itself. */
  notes: string[];
}

/** What a review is made of. */
export interface Material {
  preview: Preview;
  state?: readonly StateResource[] | undefined;
  policy?: Policy | undefined;
  known?: Known | undefined;
  notes?: readonly string[];
}

/** The review of a preview. */
export function reviewOf({ preview, state, policy, known, notes = [] }: Material): Review {
  const all = changesOf(preview, state, known);
  const { changes, stays, unreadable, isListed, isWhole } = all;
  const fans = fansOf(all);
  const found = policy ? violations(policy, changes, fans) : [];
  const errors = preview.diagnostics.flatMap(({ severity, message }) =>
    severity === "error" ? [readable(message)] : [],
  );
  // A resource that the failed preview has not come to may be gone or changed: nothing is said to stay.
  const isCut = errors.length > 0;
  return {
    ...placeOf(preview),
    outcome: outcomeOf(all, found, errors),
    changes,
    stays: isCut ? [] : stays,
    unreadable,
    isListed: isListed && !isCut,
    isWhole: isWhole && !isCut,
    isPolicyGiven: policy !== undefined,
    violations: found,
    warnings: warningsOf(changes, fans, all.sharedConnections),
    errors,
    notes: [...notes, ...all.notes],
  };
}

/** How many changes there are of each kind. */
export function countsOf(changes: readonly Change[]): Record<ChangeKind, number> {
  const counts = { delete: 0, replace: 0, drift: 0, update: 0, create: 0, adopt: 0, release: 0, record: 0 };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}

function outcomeOf({ changes }: Changes, found: readonly Violation[], errors: readonly string[]): Outcome {
  if (errors.length > 0) return "failed";
  if (found.some(({ level }) => level === "error")) return "violation";
  if (changes.some(isDestructive)) return "destructive";
  return changes.length > 0 ? "changes" : "none";
}

/** An error of the engine in one line: without a stack, and without what the engine puts around our own message. */
const readable = (message: string): string =>
  message
    .replace(/^error: /, "")
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .join(" ")
    .trim()
    .replace(/^\S+ resource '(.*?)': property \S+ value \{.*?\} has a problem: /, "$1: ");

/** From a URN: `urn:pulumi:dev::acme::type::name`. */
function placeOf({ steps }: Preview): { project?: string; stack?: string } {
  const [, stack, project] = /^urn:pulumi:(.*?)::(.*?)::/.exec(steps[0]?.urn ?? "") ?? [];
  return stack === undefined || project === undefined ? {} : { stack, project };
}
