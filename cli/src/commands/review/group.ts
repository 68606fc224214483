import type { Change } from "../../changes/facts.js";
import { type OrganizationRef, type SharedData, getOrganizationKey } from "../../changes/shared-data.js";
import {
  formatStrongOrganization,
  joinFirstItems,
  joinList,
  richText,
  type RichText,
} from "../../changes/rich-text.js";
import { getResourceKey } from "../../stack/resources.js";
import { MIN_ALIKE } from "./alike.js";
import { formatOwner } from "./owners.js";
import { formatCount } from "../../shared/text.js";

/** How many names a sentence lists if there are at least {@link MIN_ALIKE}. */
const MAX_NAMES = 5;

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

/** Lists each organization once. An organization that nothing identifies counts separately. */
export const listDistinct = (organizations: readonly OrganizationRef[]): OrganizationRef[] => [
  ...new Map(
    organizations.map((organization, index) => [getOrganizationKey(organization) ?? index, organization]),
  ).values(),
];

/**
 * Formats the names of distinct organizations. For many, formats their count and some names:
 * `40 organizations (a, b, c, d, e and 35 more)`.
 */
export function formatOrganizationNames(organizations: readonly OrganizationRef[]): RichText {
  const distinct = listDistinct(organizations);
  const names = distinct.map(formatStrongOrganization);
  return names.length < MIN_ALIKE ? joinList(names) : formatCounted(names, "organization");
}

/** Selects one change of each resource. */
export const selectOnePerResource = (changes: readonly Change[]): Change[] => [
  ...new Map(changes.map((change) => [getResourceKey(change), change])).values(),
];

/**
 * Formats the names of the changed resources. For many, formats their count and some names. If several resources have the same
 * name, their stacks or files are added.
 */
export function formatResources(changes: readonly Change[]): RichText {
  const resources = selectOnePerResource(changes);
  const counts = new Map<string, number>();
  for (const { resource } of resources) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  const names = resources.map(({ resource, ...rest }): RichText =>
    counts.get(resource) === 1 ? [{ code: resource }] : formatOwner({ ...rest, name: resource }),
  );
  return names.length < MIN_ALIKE ? joinList(names) : formatCounted(names, "resource");
}

const formatCounted = (names: readonly RichText[], noun: string): RichText =>
  richText`${formatCount(names.length, noun)} (${joinFirstItems(names, MAX_NAMES)})`;

/** Groups destinations by source. Sources that nothing identifies form one group. */
export function groupBySource(
  data: readonly SharedData[],
): { source: OrganizationRef; sinks: OrganizationRef[] }[] {
  return groupBy(data, ({ source }) => getOrganizationKey(source) ?? "").map((group) => ({
    source: group[0].source,
    sinks: group.map(({ sink }) => sink),
  }));
}

/** Lists the sources and destinations of all changes, before and after, with duplicates. */
export const listOrganizations = (changes: readonly Change[]): OrganizationRef[] =>
  changes.flatMap(({ before, after }) =>
    [before, after].flatMap((shared) => (shared ? [shared.source, shared.sink] : [])),
  );

/** Lists what the changed connections share after the changes. */
export const listSharingAfter = (changes: readonly Change[]): SharedData[] =>
  changes.flatMap(({ after }) => (after ? [after] : []));
