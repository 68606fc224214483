import type { Change } from "../changes/change.js";
import { isOwnTool } from "../stack/resources.js";
import type { SharedData } from "../changes/shared-data.js";
import type { FanOut } from "../changes/fan-out.js";
import {
  formatOrganization,
  joinList,
  formatPair,
  richText,
  formatTypeList,
  type RichText,
} from "../changes/rich-text.js";
import { formatCount, pluralize } from "../shared/text.js";
import { matchAll, matchAny, matchOrganization, type Match } from "./matching.js";
import type { Policy, RuleName } from "./policy.js";
import { ReasonPatterns } from "./reason-pattern.js";

/** A change that violates a rule. */
export interface Violation {
  rule: RuleName;
  /** `warning` for rules of `warnOnly`. */
  level: "error" | "warning";
  /** The place of the rule in the file: `reason[0]`. */
  at: string;
  change: Change;
  sentence: RichText;
}

type RuleViolation = Pick<Violation, "at" | "change" | "sentence">;

const TOO_LITTLE_KNOWN =
  "too little is known about the organizations: run review with --lookup, or set their `id` in the stack's configuration; a " +
  "rule does not match a destination by its name in the stack's configuration, or a source by a name there that the program does not use";

/**
 * Finds the changes that violate the policy, in the order of `ruleNames`. If too little is known about an organization to decide, that
 * is a violation too, and its sentence says so.
 *
 * @param fanOuts - the sources that get a new destination, with all their destinations after the changes
 * @param isUnchangedKnown - whether the states or the previews show the unchanged connections, so that the destinations can be counted
 */
export function findViolations(
  policy: Policy,
  changes: readonly Change[],
  fanOuts: readonly FanOut[],
  isUnchangedKnown: boolean,
): Violation[] {
  const patterns = new ReasonPatterns();
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
const explainMatch = (match: Match): string => (match === undefined ? ` (${TOO_LITTLE_KNOWN})` : "");

/** Lists the types that must be allowed: those that a change adds; all of a connection that is created, adopted or replaced. */
function listNewTypes({ kind, addedTypes, after }: Change): readonly string[] {
  const isNew = kind === "create" || kind === "adopt" || kind === "replace";
  return isNew ? (after?.connectionTypes ?? []) : addedTypes;
}

/** Returns what is shared after a change. Unspecified types that stay as they are and that a lookup confirms count as known. */
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
    const why = undecided.length > 0 ? `: ${TOO_LITTLE_KNOWN}` : "";
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
      const types = after.openTypes === "unknown" ? "not shown by the preview" : "unspecified";
      const why =
        allowsAllTypes === undefined
          ? `it is unknown whether the allow-list allows all types: ${TOO_LITTLE_KNOWN}`
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
  const why = explainMatch(match);
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
  const isSourceDecisive = isCounted && sinks.length <= max;
  const possible = isSourceDecisive
    ? `, or ${possibleSinks.length} if other sources are the same organization`
    : "";
  const unknown =
    uncountedResources.length > 0
      ? richText`, because the sources or destinations of ${joinList(uncountedResources.slice(0, 10).map((code) => ({ code })))} are unknown`
      : richText``;
  const unchanged = isUnchangedKnown
    ? richText``
    : richText`, because unchanged connections are unknown: pass the state with ${{ code: "--state" }} or ${{ code: "--stack" }}`;
  const allowed = `${formatCount(max, "is", "are")} allowed`;
  const why = explainMatch(isSourceDecisive ? undefined : match);
  const sentence = richText`${{ strong: formatOrganization(fanOut.source) }} would share with ${count}${possible}${unknown}${unchanged}; ${allowed}${why}.`;
  return [{ at: `maxDestinations[${index}]`, change, sentence }];
}

function checkProtect(
  rule: NonNullable<Policy["protect"]>[number],
  index: number,
  change: Change,
): RuleViolation[] {
  const { after, protect } = change;
  if (!after || protect) return [];
  const match = matchEnds(rule, after);
  if (match === false) return [];
  const why = explainMatch(match);
  // A plan does not show `lifecycle`.
  const noProtect: RichText =
    change.tool === "terraform"
      ? richText`, and a plan does not show ${{ code: "prevent_destroy" }}`
      : richText``;
  return [
    {
      at: `protect[${index}]`,
      change,
      sentence: richText`${formatPair(after)}: the resource needs the option ${{ code: "protect: true" }}${noProtect}${why}.`,
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
