import { toChangedResource } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import type { Facts } from "../../changes/facts.js";
import type { OrganizationRef, SharedData } from "../../changes/shared-data.js";
import { toPlainText, getDisplayName } from "../../changes/rich-text.js";
import { formatJson } from "../../shared/text.js";
import { describeBreaks } from "./breaks.js";
import { countChanges, type Review } from "./review.js";
import { formatChange } from "./sentences.js";
import { formatUnknown } from "./unknowns.js";

/**
 * Renders the review as JSON. Within a `version`, fields may be added, but none is renamed or removed.
 *
 * - `version`: 1
 * - `inputs`: each preview or plan, with `kind` (`preview` or `plan`) and, as in a change, `location`
 * - `project`, `stack`: of the preview, if it is the only input and names its stack
 * - `outcome`: `none`, `changes`, `incomplete`, `destructive`, `violation` or `failed`, like the exit code
 * - `summary`: the count of each kind of change, and of the unchanged connections (`unchanged`)
 * - `complete`: whether all unchanged connections are known
 * - `unreadable`: the unchanged resources whose connections cannot all be read. Each has `tool`, `location`, `address`, `resource`,
 *   `form` and, for a resource of the plugin, `provider`, as in a change.
 * - `changes`: see `Change` in changes/change.ts. Each has a `sentence`. An organization has `nameFrom: "configuration"` if its
 *   `alias` is shown instead of its name in Datadog. Then that name is unknown, is blank, or resembles a UUID.
 * - `breaks`: sentences about what stops working because of the changes
 * - `warnings`: `code` and `sentence`
 * - `violations`: `rule`, `level`, `at` (the place in the policy file), `change` (the index in `changes`), `sentence`
 * - `unknowns`: what the previews do not show, although it matters: `what` (`leftovers` or `organization`), `location`, `sentence` and,
 *   for an organization, `address`, `resource` and `provider`
 * - `errors`: the errors of the previews. With an error, the report is incomplete.
 * - `notes`: what the reader should know about the inputs and the lookup
 */
export function renderJson(review: Review): string {
  const { project, stack, outcome, changes, unchanged, complete, warnings, violations, errors, notes } =
    review;
  const indexByChange = new Map<Change, number>(changes.map((change, index) => [change, index]));
  const report = {
    version: 1,
    inputs: review.inputs,
    project,
    stack,
    outcome,
    summary: { ...countChanges(changes), unchanged: unchanged.length },
    complete,
    unreadable: review.unreadable.map(toChangedResource),
    changes: changes.map((change) => ({
      ...change,
      before: change.before && toReportedData(change.before),
      after: change.after && toReportedData(change.after),
      ...NO_FACTS,
      sentence: toPlainText(formatChange(change)),
    })),
    breaks: describeBreaks(changes).map(({ sentence }) => toPlainText(sentence)),
    warnings: warnings.map(({ code, sentence }) => ({ code, sentence: toPlainText(sentence) })),
    violations: violations.map(({ change, sentence, ...rest }) => ({
      ...rest,
      change: indexByChange.get(change),
      sentence: toPlainText(sentence),
    })),
    unknowns: review.unknowns.map((unknown) => ({
      ...unknown,
      sentence: toPlainText(formatUnknown(unknown)),
    })),
    errors,
    notes,
  };
  return `${formatJson(report, 2)}\n`;
}

/** Programs that read the JSON find the same in the fields of the change. */
const NO_FACTS: Record<keyof Facts, undefined> = { stops: undefined, starts: undefined, fails: undefined };

const toReportedData = (data: SharedData) => ({
  ...data,
  source: toReportedOrganization(data.source),
  sink: toReportedOrganization(data.sink),
});

/** Adds `nameFrom`. Omits `location`, because the change has the same `location`. */
const toReportedOrganization = (organization: OrganizationRef) => ({
  ...organization,
  location: undefined,
  nameFrom: getDisplayName(organization)?.from === "configuration" ? "configuration" : undefined,
});
