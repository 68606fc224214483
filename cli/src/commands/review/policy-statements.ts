import { formatPair, formatStrongOrganization, richText, type RichText } from "../../changes/rich-text.js";
import type { RuleName } from "../../policy/policy.js";
import type { Violation } from "../../policy/rules.js";
import type { Alike, Statement } from "./statements.js";

/** Marks what stops sharing, and what fails. */
export const STOP_MARK = "⛔";

/** What a summary says about many connections or sources that violate the same rule, or may do so, because too little is known. */
const SUMMARIES: Record<RuleName, RichText> = {
  allow: ["are or may be outside the allow-list"],
  reason: richText`do not have the required ${{ code: "reason" }}`,
  maxDestinations: ["would or may share with too many destinations"],
  protect: richText`need the option ${{ code: "protect: true" }}`,
};

/** Creates the statement about a violation. Violations of one rule are alike. */
export function createViolationStatement({ rule, level, change, sentence }: Violation): Statement {
  const start = richText`${level === "error" ? `${STOP_MARK} ` : ""}${{ code: rule }}: `;
  const shared = change.after ?? change.before;
  const isAboutSource = rule === "maxDestinations";
  const alike: Alike = {
    subject: shared
      ? isAboutSource
        ? formatStrongOrganization(shared.source)
        : formatPair(shared)
      : [{ code: change.resource }],
    noun: isAboutSource ? "organizations" : "connections",
    // A change can violate several entries of a rule. A violation of `maxDestinations` has the first change of its source.
    about: change,
    summarize: (subjects) => richText`${start}${subjects} ${SUMMARIES[rule]}.`,
  };
  return { sentence: [...start, ...sentence], alike };
}
