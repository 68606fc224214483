/**
 * Compares the claims of a report with what the `up` has done.
 *
 * The rule: a preview with `--refresh`, or without drift, knows what is live. Then everything in the report happens, and
 * nothing else. A preview without `--refresh` knows only the state. If that differs from what is live (`undetected`), the
 * report is about the state: what it says is shared afterward is correct, but an undetected type may have been added or
 * removed earlier. That excuses types of the connections that the report changes, and no others.
 *
 * A failed `up` may leave changes of the report undone. It must not do anything else.
 */
import type { Scenario } from "../histories/scenario.js";
import {
  listClaims,
  isCovered,
  mayMatchPair,
  mayBeAdopted,
  formatPair,
  type ClaimContext,
  type Claim,
  type TypeChange,
} from "./claims.js";
import { compareSnapshots, type LiveSnapshot } from "./live-snapshot.js";
import type { ReviewReport, ReportedChange } from "./report.js";

/** One `up`, and what the preview before it could know. */
export interface AppliedUpdate extends ClaimContext {
  before: LiveSnapshot;
  after: LiveSnapshot;
  /** Types by pair that the preview could not detect. */
  undetected: ReadonlyMap<string, ReadonlySet<string>>;
  hasFailed: boolean;
  /** IDs of connections that an interrupted replacement left behind in the state. */
  leftoverIds: ReadonlySet<string>;
  /** Whether two resources manage the same connection, in the state before or after. */
  hasMultipleOwners: boolean;
  /** Pairs with a connection in the state that a refresh finds gone. */
  gonePairs: ReadonlySet<string>;
}

/** Finds the discrepancies of a report. A correct report has none. */
export function findDiscrepancies(
  scenario: Scenario,
  report: ReviewReport,
  applied: AppliedUpdate,
): string[] {
  const claims = listClaims(scenario, report, applied);
  const happened = compareSnapshots(applied.before, applied.after);
  return [
    ...findUnreported(scenario, report, claims, happened, applied),
    ...(applied.hasFailed ? [] : findFalseClaims(scenario, report, claims, applied)),
    ...checkOutcome(scenario, report, happened, applied),
    ...findFalseLeftovers(report, applied),
    ...findFalseOwners(report, applied),
  ];
}

/** Finds deletions that the report attributes to an interrupted replacement, although the state has no such leftover. */
const findFalseLeftovers = ({ changes }: ReviewReport, { leftoverIds }: AppliedUpdate): string[] =>
  changes.flatMap(({ because, connectionId = "", sentence }) =>
    because === "leftover" && !leftoverIds.has(connectionId) ? [`is no leftover: ${sentence}`] : [],
  );

/** Finds warnings about several owners of one connection, although each has only one. */
const findFalseOwners = ({ warnings }: ReviewReport, { hasMultipleOwners }: AppliedUpdate): string[] =>
  warnings.flatMap(({ code, sentence }) =>
    code === "multiple-owners" && !hasMultipleOwners ? [`has one owner: ${sentence}`] : [],
  );

/** Finds what happened without being in the report. */
function findUnreported(
  scenario: Scenario,
  { changes, unknowns }: ReviewReport,
  claims: readonly Claim[],
  happened: readonly TypeChange[],
  { before, undetected, hasFailed, leftoverIds }: AppliedUpdate,
): string[] {
  const hidesLeftovers = unknowns.some(({ what }) => what === "leftovers");
  return happened.flatMap((one) => {
    if (claims.some((claim) => isCovered(claim, one))) return [];
    // The headline says that leftovers are not shown, and the exit code is 7.
    if (hidesLeftovers && leftoverIds.has(before.get(one.pair)?.id ?? "")) return [];
    const touching = changes.filter(({ before, after }) =>
      [before, after].some((side) => mayMatchPair(scenario, side, one.pair)),
    );
    const types = undetected.get(one.pair) ?? new Set<string>();
    const isUndetected = types.has(one.type) && touching.some(isWritten);
    // The connection to adopt is gone, so it is created, with types that Datadog chooses.
    const isChosen =
      types.size > 0 && touching.some(({ kind, after }) => kind === "adopt" && after?.openTypes);
    // The run stopped between a deletion and the recreation. The report mentions that gap.
    const isInterrupted =
      hasFailed &&
      one.effect === "removed" &&
      touching.some(({ kind, mayInterrupt }) => kind === "replace" || mayInterrupt);
    return isUndetected || isChosen || isInterrupted
      ? []
      : [`not reported: ${one.pair} ${one.effect} ${one.type}`];
  });
}

const isWritten = ({ kind }: ReportedChange): boolean => kind !== "state-only" && kind !== "release";

/** Finds claims that did not happen. */
function findFalseClaims(
  scenario: Scenario,
  { changes }: ReviewReport,
  claims: readonly Claim[],
  applied: AppliedUpdate,
): string[] {
  const wrong = claims.filter(
    (claim) =>
      claim.isCertain &&
      !isClaimTrue(claim, applied) &&
      !isRecreated(claim, claims, applied) &&
      !isCreatedByAdopter(scenario, claim, changes, applied),
  );
  return [
    ...wrong.map(
      ({ effect: says, source, sink, type, change }) =>
        `did not happen: ${source} → ${sink} ${says} ${type} (${change.sentence})`,
    ),
    ...changes.flatMap((change) =>
      mayBeAdopted(scenario, change, changes, applied) ? [] : checkResult(scenario, change, applied),
    ),
  ];
}

/** One change deletes what another one creates: both are reported, and the pair is shared before and after. */
function isRecreated(
  claim: Claim,
  claims: readonly Claim[],
  { before, after, undetected }: AppliedUpdate,
): boolean {
  const { source, sink, type = "" } = claim;
  const pair = `${source} → ${sink}`;
  const [was, is] = [before.get(pair), after.get(pair)];
  const effect = claim.effect === "added" ? "removed" : "added";
  const isBoth = claims.some(
    (other) => other.change !== claim.change && isCovered(other, { effect, pair, type }),
  );
  const wasShared = was?.types.includes(type) === true || undetected.get(pair)?.has(type) === true;
  return isBoth && was?.id !== is?.id && wasShared && is?.types.includes(type) === true;
}

/** The connection was gone already, so the resource that was to adopt it has created the pair again. */
function isCreatedByAdopter(
  scenario: Scenario,
  { source, sink }: Claim,
  changes: readonly ReportedChange[],
  { undetected }: AppliedUpdate,
): boolean {
  const pair = `${source} → ${sink}`;
  if ((undetected.get(pair)?.size ?? 0) === 0) return false;
  return changes.some(({ deletedBy, after }) => deletedBy && mayMatchPair(scenario, after, pair));
}

function isClaimTrue(
  { effect: says, source, sink, type = "", change }: Claim,
  { before, after, undetected, leftoverIds }: AppliedUpdate,
): boolean {
  const pair = `${source} → ${sink}`;
  const [was, is] = [before.get(pair), after.get(pair)];
  // Another user has deleted the leftover, and a digest does not show what the refresh has found.
  if (says === "removed" && leftoverIds.has(change.connectionId ?? "") && was?.id !== change.connectionId)
    return true;
  const isUndetected = undetected.get(pair)?.has(type) === true;
  const wasShared = was?.types.includes(type) === true;
  const isShared = is?.types.includes(type) === true;
  if (says === "added") return isShared && (!wasShared || isUndetected);
  // Another user has recreated the connection: the reported one is gone, and theirs is not changed.
  if (isUndetected && is && is.id === was?.id && is.id !== change.connectionId) return true;
  return !isShared && (wasShared || isUndetected);
}

/** Checks the connection itself: whether it still exists, and what it shares afterward. */
function checkResult(
  scenario: Scenario,
  change: ReportedChange,
  { before, after, undetected, adoptAll, gonePairs }: AppliedUpdate,
): string[] {
  const { kind, collision, connectionId: id, after: expected, retainedBy, mayInterrupt, sentence } = change;
  const formatProblem = (problem: string) => [`${problem}: ${sentence}`];
  // The report says that another owner deletes the connection, and is destructive: see checkOutcome.
  if (change.deletedBy) return [];
  const listIds = (snapshot: LiveSnapshot) => [...snapshot.values()].map((one) => one.id);
  const [wasLive, isLive] = [
    id !== undefined && listIds(before).includes(id),
    id !== undefined && listIds(after).includes(id),
  ];
  const pair = formatPair(scenario, expected);
  if (change.drift?.gone === true && !gonePairs.has(pair ?? "")) return formatProblem("was not gone");
  const isUndetected = (undetected.get(pair ?? "")?.size ?? 0) > 0;
  const canSucceed = collision?.mayBeDeletedFirst ?? collision?.mayBeUndeclared;
  if (collision && !canSucceed && !isUndetected && !adoptAll) return formatProblem("should have failed");
  const end = pair === undefined ? undefined : after.get(pair);
  if (kind === "delete" && isLive !== (retainedBy !== undefined && wasLive))
    return formatProblem("exists or not");
  if (kind === "replace" && pair !== undefined && isLive !== (retainedBy !== undefined && wasLive))
    return formatProblem("exists or not");
  if (
    ["update", "adopt", "state-only", "release"].includes(kind) &&
    expected?.openTypes !== "unknown" &&
    wasLive &&
    !isLive &&
    mayInterrupt !== true &&
    pair !== undefined
  )
    return formatProblem("has another id");
  if (!expected || !isWritten(change) || pair === undefined || expected.openTypes !== undefined) return [];
  const isSame = end && [...end.types].sort().join() === [...expected.connectionTypes].sort().join();
  return isSame ? [] : formatProblem(`shares ${end?.types.join("+") ?? "nothing"} afterward`);
}

/** Checks the outcome, which is the exit code: a job may depend on it alone. */
function checkOutcome(
  scenario: Scenario,
  { outcome, changes }: ReviewReport,
  happened: readonly TypeChange[],
  { undetected, adoptAll, unchecked }: AppliedUpdate,
): string[] {
  const detected = happened.filter(({ pair, type }) => undetected.get(pair)?.has(type) !== true);
  if (outcome === "none" && detected.length > 0) return ["the outcome is none, but something changed"];
  // A preview does not show that every create of this run adopts. If it hides the pair too, nothing else can show it.
  const isHidden = changes.some(
    ({ after }) =>
      unchecked.has(formatPair(scenario, after) ?? "") ||
      (adoptAll && after && formatPair(scenario, after) === undefined),
  );
  if (outcome === "changes" && !isHidden && detected.some(({ effect }) => effect === "removed"))
    return ["the outcome says that nothing stops being shared, but something did"];
  return [];
}
