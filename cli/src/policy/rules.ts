import type { Change } from "../changes/change.js";
import type { Sharing } from "../changes/sharing.js";
import type { Fan } from "../changes/fans.js";
import { called, listed, pairOf, phrase, typesListed, type Phrase } from "../changes/phrase.js";
import { all, any, means, type Match } from "./matching.js";
import type { Policy, RuleName } from "./policy.js";
import { ReasonPatterns } from "./reason-pattern.js";

/** A change that a rule does not let pass. */
export interface Violation {
  rule: RuleName;
  /** `warning` for rules of `warnOnly`. */
  level: "error" | "warning";
  /** Where the rule stands in the file: `reason[0]`. */
  at: string;
  change: Change;
  sentence: Phrase;
}

type Found = Pick<Violation, "at" | "change" | "sentence">;

const UNTOLD =
  "too little is known of the organizations to tell; their UUIDs or names are told by the state, by `id` in the stack's " +
  "configuration, or by --lookup, and a name in the stack's configuration does not count for a destination";

/**
 * What of the changes the policy does not let pass, in the order of the rules. Where too little is known of an
 * organization to tell, the rule does not let pass either, and says so.
 *
 * @param fans - of each source that begins to share with somebody: its destinations after the changes
 */
export function violations(policy: Policy, changes: readonly Change[], fans: readonly Fan[]): Violation[] {
  const patterns = new ReasonPatterns();
  const touched = changes.filter(({ kind }) => kind !== "delete" && kind !== "release");
  const found: [RuleName, Found[]][] = [
    ["allow", policy.allow ? touched.flatMap((change) => outsideAllowed(policy.allow ?? [], change)) : []],
    [
      "reason",
      (policy.reason ?? []).flatMap((rule, at) =>
        touched.flatMap((one) => unreasoned(rule, at, one, patterns)),
      ),
    ],
    ["sinks", (policy.sinks ?? []).flatMap((rule, at) => fans.flatMap((fan) => tooMany(rule, at, fan)))],
    [
      "protect",
      (policy.protect ?? []).flatMap((rule, at) => touched.flatMap((one) => unprotected(rule, at, one))),
    ],
  ];
  return found.flatMap(([rule, list]) =>
    list.map((one): Violation => ({
      rule,
      level: policy.warnOnly?.includes(rule) === true ? "warning" : "error",
      ...one,
    })),
  );
}

/** What a change brings to a destination under this program: of a connection that is made or taken over, all of it. */
function brought({ kind, gained, after }: Change): readonly string[] {
  const isNew = kind === "create" || kind === "adopt" || kind === "replace";
  return isNew ? (after?.connectionTypes ?? []) : gained;
}

function outsideAllowed(entries: NonNullable<Policy["allow"]>, change: Change): Found[] {
  const { after } = change;
  if (!after || change.kind === "record") return [];
  const pairs = entries.map((entry) => ({ match: ends(entry, after), types: entry.types }));
  const isAllowed = (type: string): Match =>
    any(pairs.map(({ match, types }) => all([match, types === undefined || types.includes(type)])));
  const types = brought(change).map((type) => ({ type, match: isAllowed(type) }));
  const refused = types.filter(({ match }) => match !== true);
  const found: Found[] = [];
  if (refused.length > 0) {
    const why = refused.every(({ match }) => match === undefined) ? `: ${UNTOLD}` : "";
    found.push({
      at: "allow",
      change,
      sentence: phrase`${pairOf(after)}: ${typesListed(refused.map(({ type }) => type))} ${refused.length === 1 ? "is" : "are"} outside the allow-list${why}.`,
    });
  }
  if (after.openTypes !== undefined) {
    const whole = any(pairs.map(({ match, types }) => all([match, types === undefined])));
    if (whole !== true) {
      found.push({
        at: "allow",
        change,
        sentence: phrase`${pairOf(after)}: what is shared is ${after.openTypes === "not-told" ? "not told by the preview" : "left to Datadog"}, and the allow-list does not allow all types.`,
      });
    }
  }
  return found;
}

function unreasoned(
  rule: NonNullable<Policy["reason"]>[number],
  index: number,
  change: Change,
  patterns: ReasonPatterns,
): Found[] {
  const { after, reason } = change;
  if (!after) return [];
  const types = (rule.types ?? ["audit"]).filter((type) => after.connectionTypes.includes(type));
  if (types.length === 0 && after.openTypes === undefined) return [];
  const match = ends(rule, after);
  if (match === false) return [];
  const given = reason?.trim() ?? "";
  const { pattern } = rule;
  const comparison = pattern === undefined || given === "" ? "fits" : patterns.compare(pattern, given);
  if (given !== "" && comparison === "fits") return [];
  const what = types.length > 0 ? typesListed(types) : phrase`what this preview does not tell`;
  const slow = comparison === "slow" ? ", which could not be compared with it in time" : "";
  const wrong: Phrase =
    given === ""
      ? phrase`needs a ${{ code: "reason" }}`
      : phrase`needs a ${{ code: "reason" }} that matches ${{ code: pattern ?? "" }}, not “${{ outside: given }}”${slow}`;
  const why = match === undefined ? ` (${UNTOLD})` : "";
  return [
    { at: `reason[${index}]`, change, sentence: phrase`${pairOf(after)}: sharing ${what} ${wrong}${why}.` },
  ];
}

function tooMany({ source, most }: NonNullable<Policy["sinks"]>[number], index: number, fan: Fan): Found[] {
  const [change] = fan.begins;
  const { uncounted } = fan;
  if (!change || (fan.sinks.length <= most && uncounted.length === 0)) return [];
  const match = means(source, fan.source, "source");
  if (match === false) return [];
  const why = match === undefined ? ` (${UNTOLD})` : "";
  const count = `${uncounted.length > 0 ? "at least " : ""}${fan.sinks.length}`;
  const rest =
    uncounted.length > 0
      ? phrase`, and nobody can count what ${listed(uncounted.slice(0, 10).map((code) => ({ code })))} ${uncounted.length === 1 ? "shares" : "share"}`
      : phrase``;
  const allowed = `${most} ${most === 1 ? "is" : "are"} allowed`;
  const sentence = phrase`${{ strong: called(fan.source) }} would share with ${count} destinations${rest}; ${allowed}${why}.`;
  return [{ at: `sinks[${index}]`, change, sentence }];
}

function unprotected(rule: NonNullable<Policy["protect"]>[number], index: number, change: Change): Found[] {
  const { after, protect } = change;
  if (!after || protect) return [];
  const match = ends(rule, after);
  if (match === false) return [];
  const why = match === undefined ? ` (${UNTOLD})` : "";
  return [
    {
      at: `protect[${index}]`,
      change,
      sentence: phrase`${pairOf(after)}: the resource needs the option ${{ code: "protect: true" }}${why}.`,
    },
  ];
}

function ends(
  rule: { source?: string | string[] | undefined; sink?: string | string[] | undefined },
  { source, sink }: Sharing,
): Match {
  return all([means(rule.source, source, "source"), means(rule.sink, sink, "sink")]);
}
