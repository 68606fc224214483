import type { Change } from "../../changes/facts.js";
import { formatPair, formatStrongOrganization, richText, type RichText } from "../../changes/rich-text.js";
import type { RuleName } from "../../policy/policy.js";
import { formatProtection, type Violation } from "../../policy/rules.js";
import type { Alike, Statement } from "./statements.js";

/** Marks changes that stop or may stop sharing data, violations of the level `error`, and errors of previews. */
export const STOP_MARK = "⛔";

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
