import { toChangedResource, type Change } from "../../changes/change.js";
import type { OrganizationRef, SharedData } from "../../changes/shared-data.js";
import { toPlainText, getDisplayName } from "../../changes/rich-text.js";
import { formatJson } from "../../shared/text.js";
import { describeBreaks } from "./breaks.js";
import { countChanges, type Review } from "./review.js";
import { formatChange } from "./sentences.js";

/**
 * Renders the review as JSON. Within a `version`, fields may be added, but none is renamed or removed.
 *
 * - `version`: 1
 * - `inputs`: what was reviewed: `kind` (`preview` or `plan`) and `location`, as in a change
 * - `project`, `stack`: of a single preview, if it names them
 * - `outcome`: `none`, `changes`, `destructive`, `violation` or `failed`, like the exit code
 * - `summary`: the count of each kind of change, and of the unchanged connections (`unchanged`)
 * - `complete`: whether all unchanged connections are known
 * - `unreadable`: the unchanged resources whose connections cannot all be read: `tool`,
 *   `location`, `address`, `resource`, `form` and, in the plugin, `provider`, as in a change
 * - `changes`: see `Change` in changes/change.ts, with a `sentence`; an organization has `nameFrom: "configuration"` if its
 *   `alias` is used, because its name in Datadog is unknown or resembles a UUID
 * - `breaks`: sentences about what stops working because of the changes
 * - `warnings`: `code` and `sentence`
 * - `violations`: `rule`, `level`, `at` (the place in the policy file), `change` (the index in `changes`), `sentence`
 * - `errors`: the errors of the preview, which is then incomplete
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
      sentence: toPlainText(formatChange(change)),
    })),
    breaks: describeBreaks(changes).map(({ sentence }) => toPlainText(sentence)),
    warnings: warnings.map(({ code, sentence }) => ({ code, sentence: toPlainText(sentence) })),
    violations: violations.map(({ change, sentence, ...rest }) => ({
      ...rest,
      change: indexByChange.get(change),
      sentence: toPlainText(sentence),
    })),
    errors,
    notes,
  };
  return `${formatJson(report, 2)}\n`;
}

const toReportedData = (data: SharedData) => ({
  ...data,
  source: toReportedOrganization(data.source),
  sink: toReportedOrganization(data.sink),
});

/** Adds `nameFrom`, and omits `location`, which the change has already. */
const toReportedOrganization = (organization: OrganizationRef) => ({
  ...organization,
  location: undefined,
  nameFrom: getDisplayName(organization)?.from === "configuration" ? "configuration" : undefined,
});
