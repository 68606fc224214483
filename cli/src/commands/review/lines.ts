import { getResourceKey } from "../../stack/resources.js";
import { getBeforeOrAfter } from "../../changes/change.js";
import type { Change } from "../../changes/facts.js";
import {
  formatOrganization,
  joinFirstItems,
  formatPair,
  richText,
  type RichText,
} from "../../changes/rich-text.js";
import { formatCount, pluralize } from "../../shared/text.js";
import { groupAlike, type AlikeGroup, type CommonEnd, type AlikeKeys } from "./alike.js";
import { groupBy } from "./group.js";
import { formatOthers, formatStarts, formatStops } from "./group-sentences.js";
import { formatStateChanges, formatChange, formatNewTypes } from "./sentences.js";
import { getOrganizationKey, subtract, type SharedData } from "../../changes/shared-data.js";

/** One line of a report, and the changes that it covers. */
export interface Line {
  sentence: RichText;
  changes: readonly Change[];
  /** Set if the line does not describe each of its changes. The details then list the changes. */
  list?: ChangeList;
}

/** How the details list the changes of a line. */
interface ChangeList {
  heading: RichText;
  /**
   * The end that has no column in the table of changes, because the heading names it, or because the changes are unreadable and do
   * not show it. If left out, the table has a column for the sources and one for the destinations.
   */
  commonEnd?: CommonEnd;
}

/** The lines of a report, by section. */
export interface Lines {
  stops: Line[];
  starts: Line[];
  others: Line[];
}

/** How much a section shows. */
export interface LineLimits {
  /**
   * The maximum count of lines for single changes in a section. The same maximum applies to the lines for sets, and to the
   * sentences about breaks, violations and warnings. In each case, one more line covers the rest.
   */
  maxLines: number;
  /** The maximum count of organizations or unreadable resources named in the line for a destructive group. */
  maxStopNames: number;
  /**
   * The maximum count of organizations named in the line for any other group. Also the maximum count of connections named in the
   * line for the rest of the single changes.
   */
  maxNames: number;
}

/**
 * Creates lines, each for a change, a group of alike changes, a set, or the rest beyond a limit. A change that both stops and
 * starts sharing is in `stops` and `starts`. If both lines are about this change only, the line in `starts` refers to the line in
 * `stops`.
 */
export function createLines(changes: readonly Change[], limits: LineLimits): Lines {
  const { stops, starts, others } = splitChanges(changes);
  const { maxNames } = limits;
  const stopGroups = groupAlike(stops, getStopKeys);
  const startGroups = groupAlike([...starts, ...stops.filter((change) => change.starts)], getStartKeys);
  const otherGroups = groupAlike(others.single, getOtherKeys);
  const described = new Set(stopGroups.rest.slice(0, limits.maxLines));
  const formatStart = (change: Change) =>
    change.stops ? formatCrossReference(change, described.has(change)) : formatChange(change);
  return {
    stops: [
      ...stopGroups.groups.map((group) => createGroupLine(group, formatStops, limits.maxStopNames)),
      ...createSingleLines(stopGroups.rest, formatChange, limits, [
        "stops or may stop sharing data",
        "stop or may stop sharing data",
      ]),
    ],
    starts: [
      ...startGroups.groups.map((group) => createGroupLine(group, formatStarts, maxNames)),
      ...createSingleLines(startGroups.rest, formatStart, limits, ["shares new data", "share new data"]),
    ],
    others: [
      ...otherGroups.groups.map((group) => createGroupLine(group, formatOthers, maxNames)),
      ...createSingleLines(otherGroups.rest, formatChange, limits, ["changes", "change"]),
      ...createSetLines(others.sets, limits.maxLines),
    ],
  };
}

function createGroupLine(
  group: AlikeGroup<Change>,
  format: (group: AlikeGroup<Change>, maxNames: number) => RichText,
  maxNames: number,
): Line {
  return {
    sentence: format(group, maxNames),
    changes: group.items,
    list: { heading: format(group, 0), commonEnd: group.commonEnd },
  };
}

/** Creates a line for each of the first `maxLines` changes. One more line covers the rest and names up to `maxNames` of them. */
function createSingleLines(
  changes: readonly Change[],
  format: (change: Change) => RichText,
  { maxLines, maxNames }: LineLimits,
  effect: readonly [singular: string, plural: string],
): Line[] {
  const single = changes
    .slice(0, maxLines)
    .map((change): Line => ({ sentence: format(change), changes: [change] }));
  const rest = changes.slice(maxLines);
  if (rest.length === 0) return single;
  const heading = `${formatCount(rest.length, "more connection")} ${pluralize(rest.length, ...effect)}`;
  const sentence = richText`${heading}: ${joinFirstItems(rest.map(formatSubject), maxNames)}.`;
  return [...single, { sentence, changes: rest, list: { heading: richText`${heading}.` } }];
}

const formatSubject = (change: Change): RichText => {
  const shared = getBeforeOrAfter(change);
  return shared ? formatPair(shared) : [{ code: change.resource }];
};

function splitChanges(changes: readonly Change[]) {
  const stops = changes.filter((change) => change.stops);
  const starts = changes.filter((change) => !change.stops && change.starts);
  const rest = changes.filter((change) => !change.stops && !change.starts);
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

/**
 * Describes what a destructive change starts sharing.
 *
 * @param isAbove - whether a line above describes the change. If so, the sentence refers to that line
 */
function formatCrossReference(change: Change, isAbove: boolean): RichText {
  const { after, resource } = change;
  if (!after) return [];
  const reference = isAbove
    ? richText`: see ${{ code: resource }} above`
    : richText` — resource ${{ code: resource }}`;
  return richText`${formatPair(after)} starts sharing ${formatNewTypes(change)}${reference}.`;
}

/**
 * Creates a line for each of the first `maxLines` sets. One more line covers the rest. A state-only change of a set is the same for
 * all its destinations.
 */
function createSetLines(changes: readonly Change[], maxLines: number): Line[] {
  const sets = groupBy(changes, getResourceKey);
  const rest = sets.slice(maxLines);
  const lines = sets.slice(0, maxLines).map((group): Line => {
    const [first] = group;
    const source = formatOrganization(first.after?.source ?? {});
    const count = group.length === 1 ? "one destination" : formatCount(group.length, "destination");
    return {
      sentence: richText`${{ strong: source }} shares the same data as before with ${count} of set ${{ code: first.resource }}: only ${formatStateChanges(first.stateChanges)}.`,
      changes: group,
    };
  });
  if (rest.length === 0) return lines;
  const sentence: RichText = [
    `${formatCount(rest.length, "more set")} of connections ${pluralize(rest.length, "changes", "change")} in the state only.`,
  ];
  return [...lines, { sentence, changes: rest.flat(), list: { heading: sentence } }];
}

/**
 * Returns the keys of a change that stops or may stop sharing. The `effect` contains everything that the sentence about a group
 * mentions, except organizations and resources.
 */
function getStopKeys(change: Change): AlikeKeys {
  const { kind, before, after, stops, because, isUnreadable, retainedBy, otherOwners } = change;
  const effect = [
    kind,
    stops,
    retainedBy !== undefined,
    before?.openTypes,
    kind === "replace" && before.connectionTypes,
    because,
    after?.openTypes,
    otherOwners !== undefined,
  ];
  const keys = getKeys(effect, before ?? after);
  // The destinations of unreadable changes are unknown. A common key groups the changes that have the same effect.
  return isUnreadable === true ? { ...keys, sink: "unreadable" } : keys;
}

/** Returns the keys of a change that starts or may start sharing. For `effect`, see {@link getStopKeys}. */
function getStartKeys({ kind, after, addedTypes, starts }: Change): AlikeKeys {
  const isExtended = subtract(after?.connectionTypes ?? [], addedTypes).length > 0;
  return getKeys([kind, starts, after?.openTypes, isExtended], after);
}

/** Returns the keys of any other change. */
function getOtherKeys({ kind, because, stateChanges, tool, before, after }: Change): AlikeKeys {
  const properties = kind === "state-only" ? stateChanges.map(({ property }) => property) : [];
  // The sentence about a release names the place: the state of Terraform, or the stack.
  return getKeys([kind, because, kind === "release" && tool, properties], before ?? after);
}

const getKeys = (effect: readonly unknown[], shared: SharedData | undefined): AlikeKeys => ({
  effect: JSON.stringify(effect),
  source: shared && getOrganizationKey(shared.source),
  sink: shared && getOrganizationKey(shared.sink),
});
