import type { ComputedChange } from "./change.js";
import { getOrganizationKey, isSamePair } from "./shared-data.js";

/**
 * What follows from a change. It is computed once, and policy, warnings, summary, exit code and all formats read it. `possible`: it
 * depends on something that the preview does not show.
 */
export interface Facts {
  /** What stops being shared. Undefined if nothing stops. */
  stops: Stop | undefined;
  /** What a destination newly receives. Undefined if it receives nothing new. */
  starts: Start | undefined;
  /** Whether the create fails, because its pair already has a connection that is not adopted. Undefined if it does not fail. */
  fails: Certainty | undefined;
}

/** A change with what follows from it. */
export type Change = ComputedChange & Facts;

export type Certainty = "certain" | "possible";

/** Why data stops or may stop being shared. Those below `types` are only possible. */
type StopReason =
  /** The connections of the resource cannot be read. */
  | "unreadable"
  /** The connection is replaced by one of the same pair. */
  | "recreated"
  /** The connection is replaced by one of another pair. */
  | "replaced"
  | "deleted"
  /** The connection stays and loses types. */
  | "types"
  /** Other resources delete or may delete the connection of this pair. */
  | "deleted-by-others"
  /** The former owner of the adopted connection may delete it first. */
  | "adopted-late"
  /** According to an unconfirmed notice, another connection is adopted. */
  | "notice"
  /** The pair has a connection, which a run with DATADOG_ORG_CONNECTIONS_ADOPT adopts. */
  | "collision"
  /** The pair may have a connection that nothing shows, and that is adopted then. */
  | "unseen-pair"
  /** The types before or after the change are unknown. */
  | "unknown-types";

export interface Stop {
  /** The types that stop being shared for the first reason. Empty if it is unknown which. Sorted. */
  types: readonly string[];
  certainty: Certainty;
  /** All reasons that apply, the main one first. */
  why: readonly [StopReason, ...StopReason[]];
}

/** Why data starts being shared. */
type StartReason =
  "notice" | "collision" | "recreated" | "drift" | "adopted" | "created-or-adopted" | "declared";

export interface Start {
  /** Known types. Sorted. */
  types: readonly string[];
  certainty: Certainty;
  why: StartReason;
}

/** Finds what follows from a change. */
export const findFacts = (change: ComputedChange): Facts => ({
  stops: findStop(change),
  starts: findStart(change),
  fails: findFailure(change),
});

function findStop(change: ComputedChange): Stop | undefined {
  const [first, ...others] = listStopReasons(change);
  if (first === undefined) return undefined;
  return {
    types: listStoppedTypes(first, change),
    certainty: isStopUncertain(change) ? "possible" : "certain",
    why: [first, ...others],
  };
}

function listStopReasons(change: ComputedChange): StopReason[] {
  const { kind, before, after, removedTypes, collision, adoptionNotice: notice } = change;
  const isTypesUnknown = after?.openTypes === "unknown";
  const losesUnknownTypes =
    before !== undefined &&
    kind !== "release" &&
    kind !== "state-only" &&
    // Unspecified types stay as they are.
    (isTypesUnknown || (before.openTypes === "unknown" && after?.openTypes === undefined));
  const reasons: [StopReason, boolean][] = [
    ["unreadable", change.isUnreadable === true && kind !== "release"],
    ["recreated", kind === "replace" && isSamePair(before, after)],
    ["replaced", kind === "replace" && !isSamePair(before, after)],
    ["deleted", kind === "delete"],
    ["types", kind !== "replace" && kind !== "delete" && removedTypes.length > 0],
    ["deleted-by-others", change.deletedBy !== undefined],
    ["adopted-late", change.mayInterrupt === true],
    ["notice", notice !== undefined && (notice.removedTypes.length > 0 || isTypesUnknown)],
    ["collision", collision?.removedTypes !== undefined || collision?.mayRemoveTypes === true],
    ["unseen-pair", mayAdoptUnseen(change)],
    ["unknown-types", losesUnknownTypes],
  ];
  return reasons.flatMap(([reason, applies]) => (applies ? [reason] : []));
}

function listStoppedTypes(
  reason: StopReason,
  { removedTypes, adoptionNotice, collision }: ComputedChange,
): readonly string[] {
  if (reason === "notice") return adoptionNotice?.removedTypes ?? [];
  if (reason === "collision") return collision?.removedTypes ?? [];
  return removedTypes;
}

/**
 * Whether the change may adopt an unknown connection and stop sharing types that the program does not declare. The connection is
 * unknown if the preview does not show the pair, or if nothing shows whether the pair has a connection. With unspecified types, an
 * adoption stops nothing.
 */
function mayAdoptUnseen({ kind, adopt, after, isAdoptionUnchecked }: ComputedChange): boolean {
  if (!adopt || !after || after.openTypes === "unspecified") return false;
  if (isAdoptionUnchecked === true) return true;
  const isPairKnown =
    getOrganizationKey(after.source) !== undefined && getOrganizationKey(after.sink) !== undefined;
  return (kind === "create" || kind === "replace") && !isPairKnown;
}

function isStopUncertain(change: ComputedChange): boolean {
  const { kind, before, after, mayInterrupt, adoptionNotice, collision, isUnreadable, retainedBy } = change;
  const { deletedBy, removedTypes } = change;
  const isStopping = kind === "delete" || kind === "replace" || removedTypes.length > 0;
  return (
    // The order is unknown. If the resources in `deletedBy` delete the connection first, this change creates a new one, and the
    // sharing continues.
    (deletedBy !== undefined && !isStopping) ||
    retainedBy !== undefined ||
    (kind !== "replace" && mayAdoptUnseen(change)) ||
    collision?.removedTypes !== undefined ||
    collision?.mayRemoveTypes === true ||
    after?.openTypes === "unknown" ||
    (kind !== "delete" && before?.openTypes === "unknown") ||
    mayInterrupt === true ||
    isUnreadable === true ||
    adoptionNotice !== undefined
  );
}

function findStart(change: ComputedChange): Start | undefined {
  const { kind, addedTypes, after, drift, mayInterrupt, deletedBy } = change;
  const isCreated = kind === "create" || kind === "replace" || drift?.gone === true;
  // Datadog chooses the unspecified types of a new connection. Unspecified types of an existing connection stay as they are.
  const mayBeCreated = isCreated || mayInterrupt === true || deletedBy !== undefined;
  const mayBeExtended =
    (kind === "adopt" || kind === "drift" || kind === "update") && after?.openTypes === "unknown";
  const isNew = addedTypes.length > 0 || (mayBeCreated ? after?.openTypes !== undefined : mayBeExtended);
  if (!isNew) return undefined;
  const isPossible = addedTypes.length === 0 && mayBeExtended;
  return { types: addedTypes, certainty: isPossible ? "possible" : "certain", why: findStartReason(change) };
}

function findStartReason({ kind, drift, adopt, collision, adoptionNotice }: ComputedChange): StartReason {
  if (adoptionNotice) return "notice";
  if (collision) return "collision";
  if (drift?.gone === true) return "recreated";
  if (kind === "drift") return "drift";
  if (kind === "adopt") return "adopted";
  return kind === "create" && adopt ? "created-or-adopted" : "declared";
}

function findFailure({ collision }: ComputedChange): Certainty | undefined {
  if (!collision) return undefined;
  return collision.mayBeDeletedFirst === true || collision.mayBeUndeclared === true ? "possible" : "certain";
}
