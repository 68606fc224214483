/** The claims of a report about each pair and type: what is certainly added or removed, and what may be. */
import { ORG_BY_SOURCE, type SourceName } from "../histories/moves.js";
import type { Scenario } from "../histories/scenario.js";
import type { ReportedEnd, ReviewReport, ReportedChange, ReportedData } from "./report.js";

/** Facts outside a report that limit what it can claim. */
export interface ClaimContext {
  /** Whether every create adopts. */
  adoptAll: boolean;
  /** Pairs that the preview does not check: see `listUncheckedPairs` in live-snapshot.ts. */
  unchecked: ReadonlySet<string>;
}

/** One claim of a report. An undefined field matches any value: the report says that it is unknown. */
export interface Claim {
  effect: "added" | "removed";
  source: string | undefined;
  sink: string | undefined;
  type: string | undefined;
  /** Whether the report says that it happens, rather than that it may happen. */
  isCertain: boolean;
  change: ReportedChange;
}

/** Formats a pair if the report names both ends. */
export function formatPair(scenario: Scenario, sharing: ReportedData | undefined): string | undefined {
  if (!sharing) return undefined;
  const [source, sink] = [getKey(scenario, sharing.source), getKey(scenario, sharing.sink)];
  return source === undefined || sink === undefined ? undefined : `${source} → ${sink}`;
}

/** Whether the reported ends match a pair. An end that the report does not name matches any organization. */
export function mayMatchPair(scenario: Scenario, sharing: ReportedData | undefined, pair: string): boolean {
  if (!sharing) return false;
  const { source, sink } = getEnds(scenario, sharing);
  const [from, to] = pair.split(" → ");
  return (source ?? from) === from && (sink ?? to) === to;
}

/** Lists all claims of a report. */
export const listClaims = (scenario: Scenario, { changes }: ReviewReport, how: ClaimContext): Claim[] =>
  changes.flatMap((change) => [
    ...listAdditions(scenario, change, how).map((claim) => ({
      ...claim,
      isCertain: claim.isCertain && !mayAdoptUnnamed(scenario, change, changes, how),
    })),
    ...listRemovals(scenario, change, how).map((claim) => ({
      ...claim,
      isCertain: claim.isCertain && !mayBeAdopted(scenario, change, changes, how),
    })),
  ]);

/**
 * Whether another change may adopt the connection that this change deletes: it adopts, and the preview does not show its
 * pair. If all creates adopt (DATADOG_ORG_CONNECTIONS_ADOPT), the provider's notices inform the review. But there is no
 * notice for such a pair, and none for a pair that another resource of the program manages.
 */
export function mayBeAdopted(
  scenario: Scenario,
  change: ReportedChange,
  changes: readonly ReportedChange[],
  how: ClaimContext,
): boolean {
  const { before } = change;
  if (!before) return false;
  const deleted = getEnds(scenario, before);
  const isSame = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined || a === b;
  return changes.some((other) => {
    if (other === change || !other.after || !(other.adopt || how.adoptAll)) return false;
    const { source, sink } = getEnds(scenario, other.after);
    // Without a notice, the report does not match a leftover with the create that adopts it: it says more than happens.
    const isLeftover = change.because === "leftover";
    const isUncertain = !isKnown({ source, sink }) || other.collision !== undefined || isLeftover;
    return isUncertain && isSame(source, deleted.source) && isSame(sink, deleted.sink);
  });
}

/**
 * Whether this change may adopt the connection that another change gives up: it adopts, and the preview does not show an end
 * of that connection. The sentence says "or adopts the connection of this pair if one exists".
 */
function mayAdoptUnnamed(
  scenario: Scenario,
  { after, adopt }: ReportedChange,
  changes: readonly ReportedChange[],
  how: ClaimContext,
): boolean {
  const pair = formatPair(scenario, after);
  if (pair === undefined || !(adopt || how.adoptAll)) return false;
  return changes.some(
    ({ before }) => before && !isKnown(getEnds(scenario, before)) && mayMatchPair(scenario, before, pair),
  );
}

/** Whether a claim covers a change that has happened. */
export function isCovered(claim: Claim, happened: TypeChange): boolean {
  const isSame = (said: string | undefined, is: string) => said === undefined || said === is;
  const [source = "", sink = ""] = happened.pair.split(" → ");
  return (
    claim.effect === happened.effect &&
    isSame(claim.source, source) &&
    isSame(claim.sink, sink) &&
    isSame(claim.type, happened.type)
  );
}

/** A type that a pair started or stopped sharing. */
export interface TypeChange {
  effect: "added" | "removed";
  pair: string;
  type: string;
}

function listAdditions(scenario: Scenario, change: ReportedChange, how: ClaimContext): Claim[] {
  const { kind, before, after, addedTypes, collision, adoptionNotice, mayInterrupt, deletedBy } = change;
  if (!after || kind === "release") return [];
  const ends = getEnds(scenario, after);
  // The report may count types as new that the pair already shares, and says so.
  const isCertain =
    !collision &&
    !canBeSameSource(change) &&
    !deletedBy &&
    !adoptionNotice &&
    before?.openTypes === undefined &&
    isKnown(ends) &&
    !change.isAdoptionUnchecked &&
    !isUnchecked(scenario, change, how);
  const createClaim = (type: string | undefined, certain: boolean): Claim => ({
    effect: "added",
    ...ends,
    type,
    isCertain: certain,
    change,
  });
  // Unspecified types of an unchanged connection stay as they are.
  const isNew = kind === "create" || kind === "replace" || kind === "drift" || mayInterrupt === true;
  const isUncertain = after.openTypes === "unknown" || (after.openTypes === "unspecified" && isNew);
  return [
    ...addedTypes.map((type) => createClaim(type, isCertain)),
    ...(isUncertain ? [createClaim(undefined, false)] : []),
  ];
}

function listRemovals(scenario: Scenario, change: ReportedChange, how: ClaimContext): Claim[] {
  const { kind, before, after, removedTypes, adoptionNotice, collision, retainedBy, mayInterrupt, adopt } =
    change;
  // Another resource manages the connection: the report says that a run without `--target` retains it.
  if (kind === "release" || retainedBy) return [];
  const createClaim = (sharing: ReportedData, type: string | undefined, isCertain: boolean): Claim => {
    const ends = getEnds(scenario, sharing);
    return { effect: "removed", ...ends, type, isCertain: isCertain && isKnown(ends), change };
  };
  const isAfterKnown = !after || isKnown(getEnds(scenario, after));
  const isUncertain =
    before?.openTypes === "unknown" ||
    after?.openTypes === "unknown" ||
    (mayInterrupt === true && after?.openTypes !== undefined);
  return [
    // Datadog may choose the types of the old connection for its replacement.
    ...(before
      ? removedTypes.map((type) => createClaim(before, type, isAfterKnown && !isUncertainLoss(change)))
      : []),
    ...(before && isUncertain && kind !== "state-only" ? [createClaim(before, undefined, false)] : []),
    ...(after && adoptionNotice
      ? adoptionNotice.removedTypes.map((type) => createClaim(after, type, false))
      : []),
    // It may adopt a pair that the preview does not show or check, and set its types.
    ...(after &&
    (adopt || how.adoptAll) &&
    (!isKnown(getEnds(scenario, after)) || change.isAdoptionUnchecked || isUnchecked(scenario, change, how))
      ? [createClaim(after, undefined, false)]
      : []),
    ...(after && collision?.removedTypes
      ? collision.removedTypes.map((type) => createClaim(after, type, false))
      : []),
    ...(after && adoptionNotice && isUncertain ? [createClaim(after, undefined, false)] : []),
  ];
}

/** Whether the preview did not check if the pair exists. */
const isUnchecked = (scenario: Scenario, { after }: ReportedChange, { unchecked }: ClaimContext): boolean =>
  unchecked.has(formatPair(scenario, after) ?? "");

/** A resource moves, and the report says that its source may be the same organization, which it knows by name only. */
const canBeSameSource = ({ kind, before, after }: ReportedChange): boolean =>
  kind === "replace" && before?.source.provider !== undefined && after?.source.id === undefined;

/** Whether the types of the old connection may be shared again by the new one, or by a resource that creates the pair again. */
const isUncertainLoss = (change: ReportedChange): boolean =>
  isUnspecified(change) || canBeSameSource(change) || change.mayBeRecreated === true;

const isUnspecified = ({ kind, after }: ReportedChange): boolean =>
  kind === "replace" && after?.openTypes === "unspecified";

const getEnds = (scenario: Scenario, { source, sink }: ReportedData) => ({
  source: getKey(scenario, source),
  sink: getKey(scenario, sink),
});

const isKnown = ({ source, sink }: { source: string | undefined; sink: string | undefined }): boolean =>
  source !== undefined && sink !== undefined;

/** The sandbox's key of an organization, from its UUID or its name in the program. */
function getKey(scenario: Scenario, { id, alias }: ReportedEnd): string | undefined {
  if (id !== undefined) return scenario.getKey(id);
  return alias === undefined ? undefined : ORG_BY_SOURCE[alias as SourceName];
}
