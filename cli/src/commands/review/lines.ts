import { getResourceKey } from "../../stack/resources.js";
import { isDestructive, hasAddedTypes, type Change } from "../../changes/change.js";
import type { OrganizationRef } from "../../changes/shared-data.js";
import {
  formatOrganization,
  joinList,
  formatPair,
  richText,
  formatTypeList,
  type RichText,
} from "../../changes/rich-text.js";
import { isSamePair, getOrganizationKey } from "../../changes/shared-data.js";
import { subtract } from "../../changes/shared-data.js";
import { groupBy, formatOrganizationNames } from "./group.js";
import { formatStateChanges, formatChange, formatTypesBefore, formatTypes } from "./sentences.js";

/** One line of a report, and the changes that it covers. */
export interface Line {
  sentence: RichText;
  changes: Change[];
}

/** The lines of a report, by section. */
export interface Lines {
  stops: Line[];
  starts: Line[];
  others: Line[];
}

/** Creates one line for each change. A change that stops and starts sharing has its line in `stops` and a reference in `starts`. */
export function createLines(changes: readonly Change[]): Lines {
  const toLines = (list: readonly Change[]): Line[] =>
    list.map((change) => ({ sentence: formatChange(change), changes: [change] }));
  const { stops, starts, others } = splitChanges(changes);
  const references = stops
    .filter(hasAddedTypes)
    .map((change): Line => ({ sentence: formatCrossReference(change), changes: [change] }));
  return {
    stops: toLines(stops),
    starts: [...toLines(starts), ...references],
    others: [...toLines(others.single), ...createSetLines(others.sets)],
  };
}

/** Creates one line for each source and set of types. It lists up to `max` destinations. */
export function createGroupedLines(changes: readonly Change[], max: number): Lines {
  const { stops, starts, others } = splitChanges(changes);
  return {
    stops: groupBy(stops, getStopKey).map((group) => ({ sentence: formatStops(group, max), changes: group })),
    starts: groupBy([...starts, ...stops.filter(hasAddedTypes)], getStartKey).map((group) => ({
      sentence: formatStarts(group, max),
      changes: group,
    })),
    others: [
      ...groupBy(others.single, ({ kind }) => kind).map((group) => ({
        sentence: formatOthers(group, max),
        changes: group,
      })),
      ...createSetLines(others.sets),
    ],
  };
}

/** The changes of one line. */
type Group = readonly [Change, ...Change[]];

function splitChanges(changes: readonly Change[]) {
  const stops = changes.filter(isDestructive);
  const starts = changes.filter((change) => !isDestructive(change) && hasAddedTypes(change));
  const rest = changes.filter((change) => !isDestructive(change) && !hasAddedTypes(change));
  const isSetStateChange = ({ kind, form }: Change) => kind === "state-only" && form === "set";
  return {
    stops,
    starts,
    others: {
      single: rest.filter((change) => !isSetStateChange(change)),
      sets: rest.filter(isSetStateChange),
    },
  };
}

function formatCrossReference(change: Change): RichText {
  const { after, addedTypes } = change;
  if (!after) return [];
  const types = addedTypes.length > 0 ? formatTypeList(addedTypes) : formatTypes(after);
  return richText`${formatPair(after)} starts sharing ${types}: see ${{ code: change.resource }} above.`;
}

/** Creates one line for each set with changes in the state only. Such a set has one change for each destination. */
function createSetLines(changes: readonly Change[]): Line[] {
  return groupBy(changes, getResourceKey).map((group) => {
    const [first] = group;
    const source = formatOrganization(first.after?.source ?? {});
    const count = group.length === 1 ? "one destination" : `${group.length} destinations`;
    return {
      sentence: richText`${{ strong: source }} shares the same data as before with ${count} of set ${{ code: first.resource }}: only ${formatStateChanges(first.stateChanges)}.`,
      changes: group,
    };
  });
}

const getStopKey = ({
  kind,
  before,
  after,
  removedTypes,
  because,
  mayInterrupt,
  isUnreadable,
  retainedBy,
}: Change): string =>
  JSON.stringify([
    kind,
    isUnreadable,
    retainedBy,
    before?.openTypes,
    before && getOrganizationKey(before.source),
    removedTypes,
    because,
    isSamePair(before, after),
    after?.openTypes,
    mayInterrupt,
  ]);

const getStartKey = ({ kind, after, addedTypes, drift }: Change): string =>
  JSON.stringify([
    kind === "create" || kind === "replace",
    after && getOrganizationKey(after.source),
    addedTypes,
    after?.openTypes,
    drift?.gone,
  ]);

const formatSource = ([first]: Group): RichText => {
  const source: OrganizationRef = (first.before ?? first.after)?.source ?? {};
  return [{ strong: formatOrganization(source) }];
};
const listSinksBefore = (group: readonly Change[]) =>
  group.flatMap(({ before }) => (before ? [before.sink] : []));
const listSinksAfter = (group: readonly Change[]) =>
  group.flatMap(({ after }) => (after ? [after.sink] : []));

function formatStops(group: Group, max: number): RichText {
  const [first] = group;
  const names = formatCountedNames(group.length, formatOrganizationNames(listSinksBefore(group), max));
  const { kind, because } = first;
  if (first.isUnreadable === true) {
    const more = group.length - max;
    const codes: RichText[] = group.slice(0, max).map(({ resource }) => [{ code: resource }]);
    const resources = joinList(more > 0 ? [...codes, `${more} more`] : codes);
    return richText`These resources share data that cannot be read and may stop being shared: ${resources}.`;
  }
  const types = first.removedTypes.length > 0 ? formatTypeList(first.removedTypes) : formatTypesBefore(first);
  if (kind === "replace" && isSamePair(first.before, first.after)) {
    return richText`${formatSource(group)} temporarily stops sharing ${formatTypesBefore(first)} with ${names}. Each connection will be replaced by one with a new ID and a new creator.`;
  }
  if (kind === "replace") {
    return richText`${formatSource(group)} stops sharing ${types} with ${names}. Each connection will be replaced by a connection to another organization, with a new ID and a new creator.`;
  }
  if (kind === "delete") {
    const unless =
      first.retainedBy === undefined ? "" : ", unless the run includes another resource that manages them";
    const why =
      because === "exclusive"
        ? " The exclusive set does not declare them."
        : because === "leftover"
          ? " Interrupted replacements left them behind."
          : "";
    return richText`${formatSource(group)} stops sharing ${types} with ${names}. The connections will be deleted${unless}.${why}`;
  }
  if (first.removedTypes.length === 0 && first.mayInterrupt === true)
    return richText`${formatSource(group)} may briefly stop sharing data with ${names}. Each connection will be adopted from a resource that may delete it first.`;
  if (first.removedTypes.length === 0)
    return richText`${formatSource(group)} may stop sharing data with ${names}. The preview does not show what changes.`;
  const cause = kind === "drift" ? " Someone added these types outside this program." : "";
  return richText`${formatSource(group)} stops sharing ${formatTypeList(first.removedTypes)} with ${names}. The connections remain.${cause}`;
}

function formatStarts(group: Group, max: number): RichText {
  const [first] = group;
  const source: RichText = [{ strong: formatOrganization(first.after?.source ?? {}) }];
  const names = formatCountedNames(group.length, formatOrganizationNames(listSinksAfter(group), max));
  const types = first.addedTypes.length > 0 ? formatTypeList(first.addedTypes) : formatTypes(first.after);
  const cause =
    first.drift?.gone === true
      ? " The connections were deleted outside this program and will be recreated."
      : first.kind === "drift"
        ? " Someone removed these types outside this program."
        : "";
  const addition =
    subtract(first.after?.connectionTypes ?? [], first.addedTypes).length > 0
      ? " in addition to what it already shares"
      : "";
  return richText`${source} starts sharing ${types}${addition} with ${names}.${cause}`;
}

function formatOthers(group: Group, max: number): RichText {
  const [first] = group;
  const sinks = formatOrganizationNames(listSinksAfter(group), max);
  const names = group.length === 1 ? sinks : richText`${String(group.length)} organizations (${sinks})`;
  const subject = group.length === 1 ? "The connection" : "The connections";
  if (first.kind === "adopt") return richText`${subject} to ${names} will be adopted without changes.`;
  if (first.kind === "release")
    return richText`${subject} to ${names} will not be deleted, but will no longer be managed.`;
  return richText`${subject} to ${names} will be updated in the state only (reason, source name, or protection).`;
}

/** `3 organizations: …`, or the name of a single one. */
function formatCountedNames(count: number, names: RichText): RichText {
  return count === 1 ? names : richText`${String(count)} organizations: ${names}`;
}
