import type { Change } from "./facts.js";
import type { Changes } from "./compute-changes.js";
import type { UnreadableUnchangedResource } from "./unchanged-connections.js";
import { getOrganizationKey, isSamePair, type OrganizationRef } from "./shared-data.js";

/** One source with its known destinations after the changes. */
export interface FanOut {
  source: OrganizationRef;
  /** The different references to the source, for example with another `alias` or `provider`. The first reference is `source`. */
  references: OrganizationRef[];
  sinks: OrganizationRef[];
  /** The changes that add or may add a destination. Never empty. */
  addingChanges: Change[];
  /** The destinations of `addingChanges`, without those of adoptions: an adopted connection already shares. */
  newSinks: OrganizationRef[];
  /** `sinks`, and the destinations of all other sources that may be the same organization as `source` ({@link mayBeSame}). */
  possibleSinks: OrganizationRef[];
  /**
   * The names of the resources that may have this source, and whose destinations are not all known. If the source is unknown, the
   * names of the resources in `addingChanges`.
   */
  uncountedResources: string[];
}

/** Lists the sources that may get a new destination, each with its known destinations. */
export function listFanOuts({
  changes,
  unchanged,
  unreadable,
}: Pick<Changes, "changes" | "unchanged" | "unreadable">): FanOut[] {
  // All sources that nothing identifies share the key `undefined`.
  const fanOuts = new Map<
    string | undefined,
    Pick<FanOut, "source" | "references" | "sinks" | "addingChanges">
  >();
  const getFanOut = (source: OrganizationRef) => {
    const key = getOrganizationKey(source);
    const fanOut = fanOuts.get(key) ?? { source, references: [], sinks: [], addingChanges: [] };
    fanOuts.set(key, fanOut);
    fanOut.references.push(source);
    return fanOut;
  };
  for (const { source, sink } of unchanged) getFanOut(source).sinks.push(sink);
  for (const change of changes) {
    if (!change.after) continue;
    const fanOut = getFanOut(change.after.source);
    fanOut.sinks.push(change.after.sink);
    if (mayAddDestination(change)) fanOut.addingChanges.push(change);
  }
  return [...fanOuts.values()]
    .filter((fanOut) => fanOut.addingChanges.length > 0)
    .map((fanOut) => ({
      ...fanOut,
      references: [...new Map(fanOut.references.map((one) => [JSON.stringify(one), one])).values()],
      sinks: removeDuplicates(fanOut.sinks),
      newSinks: removeDuplicates(
        fanOut.addingChanges.flatMap(({ kind, after }) => (after && kind !== "adopt" ? [after.sink] : [])),
      ),
      possibleSinks: removeDuplicates(
        [...fanOuts.values()].flatMap((other) => (mayBeSame(other.source, fanOut.source) ? other.sinks : [])),
      ),
      uncountedResources: listUncountedResources(fanOut, changes, unreadable),
    }));
}

function listUncountedResources(
  { source, addingChanges }: Pick<FanOut, "source" | "addingChanges">,
  changes: readonly Change[],
  unreadable: readonly UnreadableUnchangedResource[],
): string[] {
  // The changes of an unknown source cannot be counted for a specific organization.
  if (isUnknownOrganization(source)) return addingChanges.map(({ resource }) => resource);
  const changing = changes.filter(
    ({ after, destinationsUnknown }) =>
      destinationsUnknown === true && after && mayBeSame(after.source, source),
  );
  const guessed = addingChanges.filter(({ after }) => after?.source.isGuess === true);
  const staying = unreadable.filter((one) => mayBeSame(one.source, source));
  return [
    ...new Set([
      ...[...guessed, ...changing].map(({ resource }) => resource),
      ...staying.map(({ name }) => name),
    ]),
  ];
}

/**
 * Whether two sources may be the same organization. Different names do not prove different organizations. The author of a change
 * can configure the credentials of one organization under two names.
 */
const mayBeSame = (a: OrganizationRef, b: OrganizationRef): boolean =>
  a.id === undefined || b.id === undefined || a.isGuess === true || b.isGuess === true || a.id === b.id;

/** Whether it is unknown which organization this is: nothing identifies it, or only its provider does. */
const isUnknownOrganization = (organization: OrganizationRef): boolean =>
  getOrganizationKey(organization) === undefined ||
  (organization.id === undefined && organization.provider !== undefined);

/**
 * Whether a change adds or may add a destination. An adoption counts if no resource hands the connection over. An update counts if
 * its source becomes known only during the `up`, because that source may be another organization.
 */
function mayAddDestination({ kind, before, after, adoptedFrom }: Change): boolean {
  if (kind === "create") return true;
  if (kind === "adopt") return adoptedFrom === undefined;
  if (kind === "update") return isIdentified(before.source) && !isIdentified(after?.source);
  return kind === "replace" && !isSamePair(before, after);
}

/** Whether anything identifies an organization, even if only its provider does. */
const isIdentified = (organization: OrganizationRef | undefined): boolean =>
  organization !== undefined && getOrganizationKey(organization) !== undefined;

/** Removes duplicates. An organization about which nothing is known counts as a separate destination. */
function removeDuplicates(list: readonly OrganizationRef[]): OrganizationRef[] {
  return [...new Map(list.map((one, at) => [getOrganizationKey(one) ?? at, one])).values()];
}
