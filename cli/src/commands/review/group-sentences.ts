import { getBeforeOrAfter, type ChangeKind } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import type { Start } from "../../changes/facts.js";
import {
  formatStrongOrganization,
  joinFirstItems,
  joinList,
  richText,
  formatTypeList,
  type RichText,
} from "../../changes/rich-text.js";
import {
  isSourceChangeUncertain,
  isSamePair,
  subtract,
  type OrganizationRef,
  type SharedData,
} from "../../changes/shared-data.js";
import { formatCount, pluralize } from "../../shared/text.js";
import type { AlikeGroup } from "./alike.js";
import { listDistinct } from "./group.js";
import { formatPlace } from "./owners.js";
import { formatNewTypes, formatStateChanges, formatTypesBefore, isForgotten } from "./sentences.js";

/**
 * The subject and the object of a sentence about a group. The end that varies is shown as a count of organizations. The names of
 * these organizations follow the object, after a colon: "40 organizations stop sharing logs with Hub: a, b, c and 37 more".
 */
interface Ends {
  subject: RichText;
  object: RichText;
  /** Selects the form that agrees with the subject. */
  agree: (singular: string, plural: string) => string;
}

function formatEnds(
  { commonEnd, items }: AlikeGroup<Change>,
  getShared: (change: Change) => SharedData | undefined,
  maxNames: number,
): Ends {
  const shared = items.flatMap((change) => getShared(change) ?? []);
  const common = formatStrongOrganization(shared[0]?.[commonEnd] ?? {});
  const others = listDistinct(shared.map(({ source, sink }) => (commonEnd === "source" ? sink : source)));
  const count = formatCount(others.length, "organization");
  const names = formatNames(others, maxNames);
  return commonEnd === "source"
    ? { subject: common, object: richText`${count}${names}`, agree: (singular) => singular }
    : {
        subject: [{ strong: [count] }],
        object: richText`${common}${names}`,
        agree: (singular, plural) => pluralize(others.length, singular, plural),
      };
}

function formatNames(organizations: readonly OrganizationRef[], max: number): RichText {
  return max === 0 ? [] : richText`: ${joinFirstItems(organizations.map(formatStrongOrganization), max)}`;
}

/**
 * Describes changes that stop or may stop sharing.
 *
 * @param maxNames - the maximum count of organizations to name, or of resources if the changes are unreadable
 */
export function formatStops(group: AlikeGroup<Change>, maxNames: number): RichText {
  const [first] = group.items;
  const { isUnreadable, otherOwners } = first;
  if (isUnreadable === true) return formatUnreadableGroup(group.items, maxNames);
  const conflict =
    otherOwners === undefined
      ? ""
      : " Other resources that adopt or manage the connections do not prevent the deletion (see Warnings).";
  return [...formatReadableStops(group, maxNames), conflict];
}

function formatReadableStops(group: AlikeGroup<Change>, maxNames: number): RichText {
  const [first] = group.items;
  const { subject, object, agree } = formatEnds(group, getBeforeOrAfter, maxNames);
  const stop = agree("stops", "stop");
  const { kind, removedTypes, after, stops } = first;
  const types = removedTypes.length > 0 ? formatTypeList(removedTypes) : formatTypesBefore(first);
  const may = (loss: RichText): RichText => richText`${subject} may ${loss}`;
  const possible = stops && stops.types.length > 0 ? formatTypeList(stops.types) : ["data"];
  const unless = first.retainedBy === undefined ? "" : formatRetention(kind);
  switch (stops?.why[0]) {
    case "recreated": {
      // If the types are unspecified, Datadog chooses them. They may be the same as before.
      const loss =
        removedTypes.length > 0 && after?.openTypes !== "unspecified"
          ? richText` The new connections do not share ${formatTypeList(removedTypes)}.`
          : [];
      return richText`${subject} temporarily ${stop} sharing ${formatTypesBefore(first)} with ${object}. Each connection will be replaced by one with a new ID and a new creator${unless}.${loss}`;
    }
    case "replaced":
      return richText`${subject} ${stop} sharing ${types} with ${object}. Each connection will be replaced by a connection ${formatNewEnds(group.items)}, with a new ID and a new creator${unless}.`;
    case "deleted":
      return richText`${subject} ${stop} sharing ${types} with ${object}. The connections will be deleted${unless}.${formatDeleteCause(first)}`;
    case "types":
      return richText`${subject} ${stop} sharing ${types} with ${object}.${formatLossCause(first)}`;
    case "deleted-by-others":
      return may(
        richText`stop sharing data with ${object}. Other resources delete or may delete the connections of these pairs (see Warnings).`,
      );
    case "adopted-late":
      return may(
        richText`briefly stop sharing data with ${object}. Each connection will be adopted from a resource that may delete it first.`,
      );
    case "notice":
      return may(
        richText`stop sharing ${possible} with ${object}. According to unconfirmed notices in the preview, existing connections will be adopted.`,
      );
    case "collision":
      return may(
        richText`stop sharing ${possible} with ${object}. The pairs already have connections, and a run with ${{ code: "DATADOG_ORG_CONNECTIONS_ADOPT=true" }} adopts them.`,
      );
    case "unseen-pair":
      return may(
        richText`stop sharing data with ${object}. The preview does not show whether existing connections will be adopted.`,
      );
    case "unknown-types":
    case "unreadable":
    case undefined:
      return may(richText`stop sharing data with ${object}. It is unknown which types change.`);
  }
}

/** Formats the condition under which the provider retains the connections. */
const formatRetention = (kind: ChangeKind): string =>
  kind === "replace"
    ? ", unless the run includes another resource that manages the old connection"
    : ", unless the run includes other resources that manage them";

/** Formats how the ends of the new connections differ from the ends of the old connections. */
function formatNewEnds(changes: readonly Change[]): string {
  const isSameEnd = (end: "source" | "sink") =>
    changes.every(
      ({ before, after }) => before && after && isSamePair(before, { ...before, [end]: after[end] }),
    );
  if (isSameEnd("source")) return "to another organization";
  if (!isSameEnd("sink")) return "between other organizations";
  const mayBeSame = changes.some(
    ({ before, after }) => before && after && isSourceChangeUncertain(before, after),
  );
  return mayBeSame ? "from a source that may be another organization" : "from another organization";
}

function formatDeleteCause({ because }: Change): string {
  if (because === "exclusive") return " They are deleted because exclusive sets do not declare them.";
  if (because === "type")
    return " They are deleted because their resources become resources of another type.";
  if (because === "reference")
    return " The resources become references to other connections (OrgConnection.get).";
  return because === "leftover" ? " Interrupted replacements left them behind." : "";
}

function formatLossCause({ kind }: Change): string {
  if (kind === "adopt") return " The connections will be adopted.";
  const cause = kind === "drift" ? " Someone added these types outside this program." : "";
  return ` The connections remain.${cause}`;
}

function formatUnreadableGroup(changes: readonly Change[], max: number): RichText {
  const count = formatCount(changes.length, "resource");
  const codes = changes.map(({ resource }) => ({ code: resource }));
  const names = max === 0 ? [] : richText`: ${joinFirstItems(codes, max)}`;
  return richText`What ${count} ${pluralize(changes.length, "shares", "share")} cannot be read and may stop being shared${names}.`;
}

/** Describes changes that share new data. */
export function formatStarts(group: AlikeGroup<Change>, maxNames: number): RichText {
  const [first] = group.items;
  const { subject, object, agree } = formatEnds(group, ({ after }) => after, maxNames);
  const { addedTypes, after } = first;
  const isExtended = subtract(after?.connectionTypes ?? [], addedTypes).length > 0;
  const addition = isExtended
    ? ` in addition to what ${agree("it already shares", "they already share")}`
    : "";
  return richText`${subject} ${agree("starts", "start")} sharing ${formatNewTypes(first)}${addition} with ${object}.${START_CAUSES[first.starts?.why ?? "declared"]}`;
}

const START_CAUSES: Record<Start["why"], string> = {
  notice: " According to unconfirmed notices in the preview, existing connections will be adopted instead.",
  collision: " But these pairs already have connections.",
  recreated: " The connections were deleted outside this program and will be recreated.",
  drift: " Someone removed these types outside this program.",
  adopted: " The connections will be adopted.",
  "created-or-adopted": " If a pair already has a connection, it will be adopted instead.",
  declared: "",
};

/** Describes changes that neither stop nor start sharing. */
export function formatOthers(group: AlikeGroup<Change>, maxNames: number): RichText {
  const [first] = group.items;
  const { subject, object, agree } = formatEnds(group, getBeforeOrAfter, maxNames);
  const { kind, stateChanges } = first;
  const types = isEqualForAll(group.items, formatTypesBefore)
    ? formatTypesBefore(first)
    : ["the same data as before"];
  const continued = richText`${subject} ${agree("continues", "continue")} to share ${types} with ${object}.`;
  if (kind === "adopt") return richText`${continued} The connections will be adopted.`;
  if (kind === "release") {
    return richText`${continued} The connections leave this ${formatPlace(first)}: they will not be deleted (${formatReleaseCause(first)}) and will no longer be managed.`;
  }
  // Of the updates, only one kind is formatted here: types that could not be read become unspecified, so the live types stay as
  // they are.
  if (kind === "update") return continued;
  const changed = isEqualForAll(group.items, (change) => formatStateChanges(change.stateChanges))
    ? formatStateChanges(stateChanges)
    : richText`the state changes (${joinList(stateChanges.map(({ property }) => ({ code: property })))})`;
  return richText`${subject} ${agree("shares", "share")} the same data as before with ${object}. Only ${changed}.`;
}

function formatReleaseCause(change: Change): RichText {
  if (isForgotten(change)) return [{ code: "destroy = false" }];
  if (change.because === "type") return ["their resources become resources of another type"];
  return change.because === "reference"
    ? richText`the program only reads them, with ${{ code: "OrgConnection.get" }}`
    : [{ code: change.because === "deletedWith" ? "deletedWith" : "retainOnDelete" }];
}

function isEqualForAll(changes: readonly Change[], format: (change: Change) => RichText): boolean {
  return new Set(changes.map((change) => JSON.stringify(format(change)))).size === 1;
}
