import type { Change } from "../../changes/change.js";
import type { OrganizationRef, SharedData } from "../../changes/shared-data.js";
import { formatOrganization, joinList, type RichText } from "../../changes/rich-text.js";
import { getOrganizationKey } from "../../changes/shared-data.js";

/** The maximum count of names in a sentence. */
const MAX_NAMES = 30;

/** Groups items by key, in the order in which the keys first appear. */
export function groupBy<T>(items: readonly T[], getKey: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = getKey(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** Formats the names of up to `max` distinct organizations, followed by the count of the others. */
export function formatOrganizationNames(
  organizations: readonly OrganizationRef[],
  max = MAX_NAMES,
): RichText {
  const distinct = [
    ...new Map(
      organizations.map((organization, index) => [getOrganizationKey(organization) ?? index, organization]),
    ).values(),
  ];
  const more = distinct.length - max;
  const names: RichText[] = distinct
    .slice(0, max)
    .map((organization) => [{ strong: formatOrganization(organization) }]);
  return joinList(more > 0 ? [...names, `${more} more`] : names);
}

/** Groups destinations by source. */
export function groupBySource(
  data: readonly SharedData[],
): { source: OrganizationRef; sinks: OrganizationRef[] }[] {
  return groupBy(data, ({ source }) => getOrganizationKey(source) ?? "").map((group) => ({
    source: group[0].source,
    sinks: group.map(({ sink }) => sink),
  }));
}

/** The sources and destinations of all changes, before and after. */
export const listOrganizations = (changes: readonly Change[]): OrganizationRef[] =>
  changes.flatMap(({ before, after }) =>
    [before, after].flatMap((shared) => (shared ? [shared.source, shared.sink] : [])),
  );

/** What is shared after the changes. */
export const listSharingAfter = (changes: readonly Change[]): SharedData[] =>
  changes.flatMap(({ after }) => (after ? [after] : []));
