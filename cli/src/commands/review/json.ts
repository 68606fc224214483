import type { Change } from "../../changes/change.js";
import type { Organization, Sharing } from "../../changes/sharing.js";
import { plain, standingName } from "../../changes/phrase.js";
import { formatJson } from "../../shared/text.js";
import { breaksOf } from "./breaks.js";
import { countsOf, type Review } from "./review.js";
import { sentenceOf } from "./sentences.js";

/**
 * The review as JSON. Its shape is promised: fields are added, and none is renamed or taken away within a `version`.
 *
 * - `version`: 1
 * - `project`, `stack`: as far as the preview tells
 * - `outcome`: `none`, `changes`, `destructive`, `violation` or `failed`, as the exit code
 * - `summary`: how many changes there are of each kind, and how many connections stay (`unchanged`)
 * - `isWhole`: whether all that stays is known
 * - `unreadable`: the resources that stay, and of which it cannot be read what they share: `urn`, `resource`, `form`
 * - `changes`: see `Change` in changes/change.ts, and a `sentence`; an organization has `nameFrom: "configuration"` where its
 *   name at Datadog is not known and its `alias` stands for it
 * - `breaks`: sentences
 * - `warnings`: `code` and `sentence`
 * - `violations`: `rule`, `level`, `at` (place in the policy file), `change` (index in `changes`), `sentence`
 * - `errors`: of the preview, which is then not complete; `notes`: of the report
 */
export function renderJson(review: Review): string {
  const { project, stack, outcome, changes, stays, isWhole, warnings, violations, errors, notes } = review;
  const at = new Map<Change, number>(changes.map((change, index) => [change, index]));
  const report = {
    version: 1,
    project,
    stack,
    outcome,
    summary: { ...countsOf(changes), unchanged: stays.length },
    isWhole,
    unreadable: review.unreadable.map(({ urn, name, form }) => ({ urn, resource: name, form })),
    changes: changes.map((change) => ({
      ...change,
      before: change.before && withNameFrom(change.before),
      after: change.after && withNameFrom(change.after),
      sentence: plain(sentenceOf(change)),
    })),
    breaks: breaksOf(changes).map(plain),
    warnings: warnings.map(({ code, sentence }) => ({ code, sentence: plain(sentence) })),
    violations: violations.map(({ change, sentence, ...rest }) => ({
      ...rest,
      change: at.get(change),
      sentence: plain(sentence),
    })),
    errors,
    notes,
  };
  return `${formatJson(report, 2)}\n`;
}

const withNameFrom = (sharing: Sharing) => ({
  ...sharing,
  source: marked(sharing.source),
  sink: marked(sharing.sink),
});

const marked = (organization: Organization) =>
  standingName(organization)?.from === "configuration"
    ? { ...organization, nameFrom: "configuration" }
    : organization;
