import { getBeforeOrAfter, type Collision, type StateChange } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import { type SharedData, isSourceChangeUncertain, isSamePair, subtract } from "../../changes/shared-data.js";
import {
  formatOrganization,
  joinList,
  formatPair,
  richText,
  formatTypeList,
  type RichText,
} from "../../changes/rich-text.js";
import { formatOwnerConflict, formatPlace } from "./owners.js";

/** Describes a change: who shares what with whom, before and after, as far as that can be read. */
export function formatChange(change: Change): RichText {
  const shared = getBeforeOrAfter(change);
  if (change.isUnreadable === true || !shared) return formatUnreadableChange(change);
  return [
    ...formatPair(shared),
    " ",
    ...formatEffect(change),
    ...formatOwnerConflict(change),
    ...formatResource(change),
    ".",
  ];
}

/** Describes the change of a resource whose connections cannot all be read. */
function formatUnreadableChange({ kind, resource, form, because, tool }: Change): RichText {
  const name = richText`${form === "set" ? "connection set" : "resource"} ${{ code: resource }}`;
  const subject = richText`The ${name}`;
  if (kind === "release") {
    const leaving = because === "leftover" ? richText`An old version of ${name}` : subject;
    return richText`${leaving} leaves this ${formatPlace({ tool })} and nothing will be deleted (${formatReleaseCause({ because, tool })}). What it shares cannot be read and will no longer be managed.`;
  }
  if (because === "leftover") {
    return richText`${subject}: an interrupted replacement left its old version behind, which will be deleted. What the old version shares cannot be read and may stop being shared.`;
  }
  if (kind === "delete")
    return richText`${subject} will be deleted. What it shares cannot be read and may stop being shared.`;
  if (kind === "replace")
    return richText`${subject} will be replaced. What it shares now cannot be read and may stop being shared.`;
  return richText`${subject} will change. Some or all of what it shares now cannot be read and may stop being shared.`;
}

function formatEffect(change: Change): RichText {
  switch (change.kind) {
    case "delete": {
      const unless = change.retainedBy
        ? richText`, unless ${formatRetention(change.retainedBy)}`
        : richText``;
      return richText`stops sharing ${formatTypesBefore(change)}: ${formatConnection(change)} will be deleted${formatDeleteCause(change)}${unless}`;
    }
    case "replace":
      return formatReplacement(change);
    case "drift":
      return formatDrift(change);
    case "update":
      return richText`${formatTypeChanges(change)}${formatAdditionalDrift(change)}${formatAdditionalStateChanges(change)}`;
    case "create":
      return richText`starts sharing ${formatTypes(change.after)}${formatPossibleAdoption(change)}${formatReason(change)}`;
    case "adopt":
      return formatAdoption(change);
    case "release":
      return richText`continues to share ${formatTypesBefore(change)} but leaves this ${formatPlace(change)}: ${formatConnection(change)} will not be deleted (${formatReleaseCause(change)}) and will no longer be managed`;
    case "state-only":
      return richText`shares the same data as before: only ${formatStateChanges(change.stateChanges)}`;
  }
}

/** Whether a `release` is due to `destroy = false` in Terraform. */
export const isForgotten = ({ because, tool }: Pick<Change, "because" | "tool">): boolean =>
  because === "forget" || (because === "leftover" && tool === "terraform");

function formatReleaseCause(change: Pick<Change, "because" | "tool">): RichText {
  if (isForgotten(change)) return [{ code: "destroy = false" }];
  if (change.because === "type") return ["its resource becomes one of another type"];
  return change.because === "reference"
    ? richText`the program only reads it, with ${{ code: "OrgConnection.get" }}`
    : [{ code: change.because === "deletedWith" ? "deletedWith" : "retainOnDelete" }];
}

function formatDeleteCause({ because }: Change): string {
  if (because === "exclusive") return " because the exclusive set does not declare it";
  if (because === "type") return " because the resource becomes one of another type";
  if (because === "reference")
    return " because the resource becomes a reference to another connection (OrgConnection.get)";
  return because === "leftover" ? " because an interrupted replacement left it behind" : "";
}

/** Formats a condition that the old connection is retained: `the run includes hub, which also manages it`. */
function formatRetention(owners: readonly string[]): RichText {
  const names = joinList(owners.map((code) => ({ code })));
  return owners.length === 1
    ? richText`the run includes ${names}, which also manages it`
    : richText`the run includes at least one of ${names}, which also manage it`;
}

function formatReplacement(change: Change): RichText {
  const { before, after, deleteFirst, retainedBy } = change;
  const retained = retainedBy
    ? richText`; the old connection will not be deleted if ${formatRetention(retainedBy)}`
    : richText``;
  const replacement = richText`${formatConnection(change)} will be replaced by one with a new ID and a new creator${retained}`;
  if (!before || !after) return replacement;
  if (isSamePair(before, after)) {
    const gap = retainedBy === undefined ? "; nothing is shared until the new connection is created" : "";
    return richText`${formatReplacedTypes(change, before, after)}: ${replacement}${gap}${formatAdoptionNotice(change)}`;
  }
  const order =
    deleteFirst === true
      ? "; the old connection will be deleted first"
      : "; the new connection will be created first";
  const sink = { strong: formatOrganization(after.sink) };
  const newEnds = isSamePair(before, { ...after, sink: before.sink })
    ? richText`with ${sink}`
    : richText`from ${{ strong: formatOrganization(after.source) }}${isSourceChangeUncertain(before, after) ? " (which may be the same organization)" : ""} to ${sink}`;
  return richText`stops sharing ${formatTypesBefore(change)}, and ${formatTypes(after)} will be shared ${newEnds} instead: ${replacement}${order}${formatAdoptionRisk(change)}${formatReason(change)}`;
}

/** Describes what a connection shares before and after it is replaced by one of the same pair. */
function formatReplacedTypes(change: Change, before: SharedData, after: SharedData): RichText {
  const { addedTypes, removedTypes } = change;
  const stop = richText`temporarily stops sharing ${formatTypesBefore(change)}`;
  if (after.openTypes === "unspecified") return richText`${stop}, then shares the types that Datadog chooses`;
  if (before.openTypes === "unknown" || after.openTypes === "unknown")
    return richText`${stop}, then shares ${formatTypes(after)}`;
  if (addedTypes.length + removedTypes.length === 0) return stop;
  const continued = subtract(before.connectionTypes, removedTypes);
  if (continued.length === 0) return formatTypeChanges(change);
  return joinClauses([
    ...(removedTypes.length > 0 ? [richText`stops sharing ${formatTypeList(removedTypes)}`] : []),
    richText`temporarily stops sharing ${formatTypeList(continued)}`,
    ...(addedTypes.length > 0 ? [richText`then starts sharing ${formatTypeList(addedTypes)}`] : []),
  ]);
}

function formatDrift(change: Change): RichText {
  const { drift } = change;
  if (drift?.gone === true) {
    return richText`shares ${formatTypes(change.after)} again: the connection was deleted outside this program and will be recreated, with a new ID and a new creator${change.collision ? formatCollision(change.collision) : formatAdoptionRisk(change)}`;
  }
  const actions = [
    ...(drift && drift.added.length > 0 ? [richText`added ${formatTypeList(drift.added)}`] : []),
    ...(drift && drift.removed.length > 0 ? [richText`removed ${formatTypeList(drift.removed)}`] : []),
  ];
  const cause = actions.flatMap((action, index) => (index === 0 ? action : [" and ", ...action]));
  return richText`${formatTypeChanges(change)}: drift will be corrected, because someone ${cause} outside this program`;
}

function formatAdditionalDrift({ drift }: Change): string {
  return drift ? " (its types were also changed outside this program)" : "";
}

function formatAdoption(change: Change): RichText {
  const from =
    change.adoptedFrom === undefined ? richText`` : richText` from resource ${{ code: change.adoptedFrom }}`;
  const adoption = richText`${formatConnection(change)} will be adopted${from}`;
  const { before, after, addedTypes, removedTypes } = change;
  const isUnknown = after?.openTypes === "unknown" || (before?.openTypes === "unknown" && !after?.openTypes);
  const isUnchanged = addedTypes.length + removedTypes.length === 0 && !isUnknown;
  const effect = isUnchanged
    ? richText`continues to share ${formatTypesBefore(change)}`
    : formatTypeChanges(change);
  const race =
    change.mayInterrupt === true
      ? ", unless that resource deletes it first: sharing then stops briefly, and a new connection is created with a new ID and a new creator"
      : "";
  return richText`${effect}: ${adoption}${race}${formatReason(change)}`;
}

/**
 * Formats `stops sharing …, starts sharing …, and continues to share …`. For unknown types, formats
 * `currently shares …, and will share …`.
 */
function formatTypeChanges(change: Change): RichText {
  const { before, after, addedTypes, removedTypes } = change;
  if (before?.openTypes === "unknown" && after?.openTypes === undefined) {
    return richText`currently shares ${UNREADABLE_TYPES}, and will share ${formatTypes(after)}`;
  }
  if (after?.openTypes === "unknown") {
    const known =
      after.connectionTypes.length > 0 ? richText`${formatTypeList(after.connectionTypes)} and ` : richText``;
    return richText`currently shares ${formatTypesBefore(change)}, and will share ${known}types that are not shown`;
  }
  const parts = [
    ...(removedTypes.length > 0 ? [richText`stops sharing ${formatTypeList(removedTypes)}`] : []),
    ...(addedTypes.length > 0 ? [richText`starts sharing ${formatTypeList(addedTypes)}`] : []),
  ];
  const continued = subtract(after?.connectionTypes ?? [], addedTypes);
  // Unreadable types that the program leaves unspecified stay as they are.
  if (parts.length + continued.length === 0) return richText`continues to share ${formatTypesBefore(change)}`;
  if (continued.length > 0) parts.push(richText`continues to share ${formatTypeList(continued)}`);
  return joinClauses(parts);
}

/** Joins clauses: `stops …, starts …, and continues …`. */
const joinClauses = (clauses: readonly RichText[]): RichText =>
  clauses.flatMap((clause, index) => {
    if (index === 0) return clause;
    return [index === clauses.length - 1 ? ", and " : ", ", ...clause];
  });

function formatPossibleAdoption(change: Change): RichText {
  const { adopt, collision, adoptionNotice, stops } = change;
  if (adoptionNotice) return formatAdoptionNotice(change);
  if (collision) return formatCollision(collision);
  if (!adopt) return richText``;
  const loss =
    stops?.why.includes("unseen-pair") === true ? ", which then stops sharing its other types" : "";
  return richText`, or adopts the connection of this pair if one exists${loss}`;
}

/** Describes the adoption by a new connection that is no `create`: what notices say, or what nothing shows. */
const formatAdoptionRisk = (change: Change): RichText =>
  change.isAdoptionUnchecked === true ? formatPossibleAdoption(change) : formatAdoptionNotice(change);

/**
 * Describes an existing connection of the pair. The create succeeds only if it adopts this connection or if the connection is
 * deleted first.
 */
function formatCollision({ connectionId, removedTypes = [], mayRemoveTypes }: Collision): RichText {
  const losses = [
    ...(removedTypes.length > 0 ? [richText` and stops sharing ${formatTypeList(removedTypes)}`] : []),
    ...(mayRemoveTypes === true
      ? [` and may stop sharing some of its ${removedTypes.length > 0 ? "other " : ""}types`]
      : []),
  ].flat();
  const adopted =
    losses.length === 0
      ? richText``
      : richText`; a run with ${{ code: "DATADOG_ORG_CONNECTIONS_ADOPT=true" }} adopts it${losses}`;
  return richText`, but connection ${{ code: connectionId }} already exists for this pair${adopted}`;
}

/** Describes an adoption that only an unconfirmed notice in the preview reports. */
function formatAdoptionNotice({ adoptionNotice, after }: Change): RichText {
  if (!adoptionNotice) return richText``;
  const { connectionId, connectionTypes, removedTypes } = adoptionNotice;
  const types = connectionTypes.length > 0 ? formatTypeList(connectionTypes) : ["types chosen by Datadog"];
  const loss =
    removedTypes.length > 0
      ? richText` and would stop sharing ${formatTypeList(removedTypes)}`
      : after.openTypes === "unknown" && connectionTypes.length > 0
        ? richText` and may stop sharing some of its types`
        : richText``;
  return richText`; according to an unconfirmed notice in the preview, connection ${{ code: connectionId }} will be adopted instead: it currently shares ${types}${loss}`;
}

function formatAdditionalStateChanges({ stateChanges }: Change): RichText {
  return stateChanges.length === 0 ? richText`` : richText`; also ${formatStateChanges(stateChanges)}`;
}

/** Formats `reason changes from … to …`. */
export function formatStateChanges(stateChanges: readonly StateChange[]): RichText {
  return stateChanges.flatMap(({ property, before, after }, index) => [
    ...(index === 0 ? [] : ["; "]),
    ...richText`${{ code: property }} changes from ${formatValue(before)} to ${formatValue(after)}`,
  ]);
}

function formatValue(value: string | boolean | undefined): RichText {
  if (value === undefined) return ["unset"];
  return typeof value === "boolean" ? [{ code: String(value) }] : ["“", { untrusted: value }, "”"];
}

/** The words for types that the state does not show. */
const UNREADABLE_TYPES: RichText = ["types that cannot be read"];

/** Formats the types that are shared before the change. */
export const formatTypesBefore = ({ before }: Change): RichText =>
  before?.openTypes === "unknown" ? UNREADABLE_TYPES : formatTypes(before);

/** Formats the types in words, whether they are known or not. */
export function formatTypes(sharing: SharedData | undefined): RichText {
  const types = sharing?.connectionTypes ?? [];
  if (sharing?.openTypes === "unknown") {
    return types.length === 0
      ? ["types that are not shown"]
      : richText`${formatTypeList(types)} and types that are not shown`;
  }
  if (types.length > 0) return formatTypeList(types);
  return [sharing?.openTypes === "unspecified" ? "the types that Datadog chooses" : "no known types"];
}

/** Formats the newly shared types. Known types that were shared before are left out. */
export const formatNewTypes = ({ after, addedTypes }: Change): RichText =>
  formatTypes(after && { ...after, connectionTypes: addedTypes });

function formatConnection({ connectionId, createdAt, createdBy }: Change): RichText {
  if (connectionId === undefined) return ["the connection"];
  const by = createdBy?.name !== undefined ? { untrusted: createdBy.name } : { code: createdBy?.id ?? "" };
  const created = [
    ...(createdAt === undefined ? [] : [` on ${createdAt.slice(0, 10)}`]),
    ...(createdBy ? [" by ", by] : []),
  ];
  return richText`connection ${{ code: connectionId }}${created.length === 0 ? richText`` : richText` (created${created})`}`;
}

function formatReason({ reason }: Change): RichText {
  return reason === undefined || reason === "" ? richText`` : richText` (reason: ${{ untrusted: reason }})`;
}

function formatResource({ resource, form }: Change): RichText {
  return richText` — ${form === "set" ? "connection set" : "resource"} ${{ code: resource }}`;
}
