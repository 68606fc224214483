import type { Change } from "../changes/facts.js";
import { isOwnTool } from "../stack/resources.js";
import type { SharedData } from "../changes/shared-data.js";
import type { FanOut } from "../changes/fan-out.js";
import {
  formatOrganization,
  joinFirstItems,
  joinList,
  formatPair,
  richText,
  formatTypeList,
  type RichText,
} from "../changes/rich-text.js";
import { formatCount, pluralize } from "../shared/text.js";
import { matchAll, matchAny, matchOrganization, type Match, ReasonPatterns } from "./matching.js";
import type { Policy, RuleName } from "./policy.js";

/** A change that violates a rule, or may violate it. */
export interface Violation {
  rule: RuleName;
  /** `warning` if `warnOnly` names the rule. */
  level: "error" | "warning";
  /** The place of the rule in the policy, such as `reason[0]`. All entries of `allow` are one rule, `allow`. */
  at: string;
  change: Change;
  sentence: RichText;
}

/** The maximum count of resources that a sentence names. */
const MAX_NAMES = 10;

type RuleViolation = Pick<Violation, "at" | "change" | "sentence">;

const formatTooLittleKnown = ({ tool }: Pick<Change, "tool">): string =>
  "too little is known about the organizations: run review with --lookup" +
  (tool === "terraform"
    ? " for their names; a plan does not show which organization a provider's credentials belong to"
    : ", or set their `id` in the stack's configuration; a configured name is not sufficient, because the author of a change can " +
      "choose it");

/**
 * Finds the changes that violate the policy, in the order of `ruleNames`. A rule that cannot be decided, because too little is
 * known about an organization, counts as violated. The `sentence` of the violation then says so.
 *
 * @param fanOuts - the sources that get or may get a new destination, with their known destinations after the changes
 * @param isUnchangedKnown - whether the states or the previews show the unchanged connections, so that the destinations can be
 *   counted
 */
export function findViolations(
  policy: Policy,
  changes: readonly Change[],
  fanOuts: readonly FanOut[],
  isUnchangedKnown: boolean,
): Violation[] {
  const patterns = new ReasonPatterns();
  // The rules are about what the program declares.
  const candidates = changes.filter(({ kind }) => kind !== "delete" && kind !== "release");
  const found: [RuleName, RuleViolation[]][] = [
    ["allow", policy.allow ? candidates.flatMap((change) => checkAllow(policy.allow ?? [], change)) : []],
    [
      "reason",
      (policy.reason ?? []).flatMap((rule, index) =>
        candidates.flatMap((change) => checkReason(rule, index, change, patterns)),
      ),
    ],
    [
      "maxDestinations",
      (policy.maxDestinations ?? []).flatMap((rule, index) =>
        fanOuts.flatMap((fanOut) => checkMaxDestinations(rule, index, fanOut, isUnchangedKnown)),
      ),
    ],
    [
      "protect",
      (policy.protect ?? []).flatMap((rule, index) =>
        candidates.flatMap((change) => checkProtect(rule, index, change)),
      ),
    ],
  ];
  return found.flatMap(([rule, list]) =>
    list.map((violation): Violation => ({
      rule,
      level: policy.warnOnly?.includes(rule) === true ? "warning" : "error",
      ...violation,
    })),
  );
}

/** Explains a match that is unknown. Empty if it is known. */
const explainMatch = (match: Match, change: Change): string =>
  match === undefined ? ` (${formatTooLittleKnown(change)})` : "";

/** Lists the types that must be allowed: all types of a created, adopted or replaced connection, otherwise the added types. */
function listNewTypes({ kind, addedTypes, after }: Change): readonly string[] {
  const isNew = kind === "create" || kind === "adopt" || kind === "replace";
  return isNew ? (after?.connectionTypes ?? []) : addedTypes;
}

/**
 * Returns what is shared after a change. An existing connection with unspecified types keeps its types. These types count as known
 * if a lookup confirms them.
 */
const getSharedAfter = ({ after, areTypesConfirmed }: Change): SharedData | undefined =>
  after && areTypesConfirmed === true ? { ...after, openTypes: undefined } : after;

function checkAllow(entries: NonNullable<Policy["allow"]>, change: Change): RuleViolation[] {
  const after = getSharedAfter(change);
  if (!after || change.kind === "state-only") return [];
  const pairs = entries.map((entry) => ({ match: matchEnds(entry, after), types: entry.types }));
  const isAllowed = (type: string): Match =>
    matchAny(pairs.map(({ match, types }) => matchAll([match, types === undefined || types.includes(type)])));
  const types = listNewTypes(change).map((type) => ({ type, match: isAllowed(type) }));
  const refused = types.flatMap(({ type, match }) => (match === false ? [type] : []));
  const undecided = types.flatMap(({ type, match }) => (match === undefined ? [type] : []));
  const found: RuleViolation[] = [];
  const [outside, others] = refused.length > 0 ? [refused, undecided] : [undecided, []];
  if (outside.length > 0) {
    const more = others.length > 0 ? richText`, and ${formatTypeList(others)} may be outside it` : [];
    const why = undecided.length > 0 ? `: ${formatTooLittleKnown(change)}` : "";
    const verb = refused.length > 0 ? pluralize(outside.length, "is", "are") : "may be";
    found.push({
      at: "allow",
      change,
      sentence: richText`${formatPair(after)}: ${formatTypeList(outside)} ${verb} outside the allow-list${more}${why}.`,
    });
  }
  if (after.openTypes !== undefined) {
    const allowsAllTypes = matchAny(pairs.map(({ match, types }) => matchAll([match, types === undefined])));
    if (allowsAllTypes !== true) {
      const types = after.openTypes === "unknown" ? "not shown" : "unspecified";
      const why =
        allowsAllTypes === undefined
          ? `it is unknown whether the allow-list allows all types: ${formatTooLittleKnown(change)}`
          : "the allow-list does not allow all types";
      found.push({
        at: "allow",
        change,
        sentence: richText`${formatPair(after)}: the types are ${types}, and ${why}.`,
      });
    }
  }
  return found;
}

function checkReason(
  rule: NonNullable<Policy["reason"]>[number],
  index: number,
  change: Change,
  patterns: ReasonPatterns,
): RuleViolation[] {
  const { reason } = change;
  const after = getSharedAfter(change);
  if (!after) return [];
  const types = (rule.types ?? ["audit"]).filter((type) => after.connectionTypes.includes(type));
  if (types.length === 0 && after.openTypes === undefined) return [];
  const match = matchEnds(rule, after);
  if (match === false) return [];
  const given = reason?.trim() ?? "";
  const { pattern } = rule;
  const comparison = pattern === undefined || given === "" ? "matches" : patterns.compare(pattern, given);
  if (given !== "" && comparison === "matches") return [];
  const openTypes =
    after.openTypes === "unspecified" ? "the types that Datadog chooses" : "types that are not shown";
  const what = types.length > 0 ? formatTypeList(types) : [openTypes];
  const timedOut = comparison === "slow" ? ", which could not be compared in time" : "";
  const requirement: RichText =
    given === ""
      ? richText`needs a ${{ code: "reason" }}`
      : richText`needs a ${{ code: "reason" }} that matches ${{ code: pattern ?? "" }}, not “${{ untrusted: given }}”${timedOut}`;
  const why = explainMatch(match, change);
  const noReason = isOwnTool(change) ? "" : "; only resources of this package have one";
  return [
    {
      at: `reason[${index}]`,
      change,
      sentence: richText`${formatPair(after)}: sharing ${what} ${requirement}${noReason}${why}.`,
    },
  ];
}

function checkMaxDestinations(
  { source, max }: NonNullable<Policy["maxDestinations"]>[number],
  index: number,
  fanOut: FanOut,
  isUnchangedKnown: boolean,
): RuleViolation[] {
  const [change] = fanOut.addingChanges;
  const { sinks, possibleSinks, uncountedResources } = fanOut;
  const isCounted = isUnchangedKnown && uncountedResources.length === 0;
  if (!change || (isCounted && possibleSinks.length <= max)) return [];
  const match = matchAny(fanOut.references.map((one) => matchOrganization(source, one, "source")));
  if (match === false) return [];
  const count = `${isCounted ? "" : "at least "}${formatCount(sinks.length, "destination")}`;
  // True if the source exceeds the maximum only together with other sources that may be the same organization.
  const isUncertain = isCounted && sinks.length <= max;
  const possible = isUncertain
    ? `, or ${possibleSinks.length} if other sources are the same organization`
    : "";
  const names = uncountedResources.map((code) => ({ code }));
  const causes = [
    ...(names.length > 0
      ? [richText`the sources or destinations of ${joinFirstItems(names, MAX_NAMES)} are unknown`]
      : []),
    ...(isUnchangedKnown
      ? []
      : [
          richText`unchanged connections are unknown: pass the state with ${{ code: "--state" }} or ${{ code: "--stack" }}`,
        ]),
  ];
  const uncertainty =
    causes.length > 0 ? richText` The exact count is unknown, because ${joinList(causes)}.` : richText``;
  const allowed = `${formatCount(max, "is", "are")} allowed`;
  const why = explainMatch(isUncertain ? undefined : match, change);
  const sentence = richText`${{ strong: formatOrganization(fanOut.source) }} would share with ${count}${possible}; ${allowed}${why}.${uncertainty}`;
  return [{ at: `maxDestinations[${index}]`, change, sentence }];
}

/** Formats what the rule `protect` requires. A plan does not show `lifecycle`, so Terraform's `Change.protect` is always false. */
export const formatProtection = ({ tool }: Pick<Change, "tool">): RichText =>
  tool === "terraform"
    ? richText`${{ code: "prevent_destroy" }}, but a plan does not show whether it is set`
    : richText`the option ${{ code: "protect: true" }}`;

function checkProtect(
  rule: NonNullable<Policy["protect"]>[number],
  index: number,
  change: Change,
): RuleViolation[] {
  const { after, protect } = change;
  if (!after || protect) return [];
  const match = matchEnds(rule, after);
  if (match === false) return [];
  const why = explainMatch(match, change);
  return [
    {
      at: `protect[${index}]`,
      change,
      sentence: richText`${formatPair(after)}: the resource needs ${formatProtection(change)}${why}.`,
    },
  ];
}

function matchEnds(
  rule: { source?: string | string[] | undefined; sink?: string | string[] | undefined },
  { source, sink }: SharedData,
): Match {
  return matchAll([
    matchOrganization(rule.source, source, "source"),
    matchOrganization(rule.sink, sink, "sink"),
  ]);
}
