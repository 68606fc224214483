/**
 * If at least this many changes or statements are alike, they become one line. A sentence with at least this many names or IDs
 * lists only some of them.
 */
export const MIN_ALIKE = 8;

/** The end of a connection that all items of a group have in common. */
export type CommonEnd = "source" | "sink";

/** Items that are alike, with a common end. */
export interface AlikeGroup<T> {
  commonEnd: CommonEnd;
  items: [T, ...T[]];
}

/** What makes items alike: the same effect, and the same organization at one end. */
export interface AlikeKeys {
  /** What happens. */
  effect: string;
  /** A key of the source organization. Undefined if the organization is unknown. */
  source: string | undefined;
  /**
   * A key of the destination organization. Undefined if the organization is unknown. But the unreadable changes that stop or may
   * stop sharing have one common key (`getStopKeys`), so that they can be a group.
   */
  sink: string | undefined;
}

interface Entry<T> {
  index: number;
  item: T;
  /** The keys of the groups that the item may be in, one for each known end. A key begins with the word `source` or `sink`. */
  groupKeys: readonly string[];
}

/**
 * Groups alike items by their common end, for example 40 organizations that stop sharing with one hub. An item may fit into two
 * groups, one for each end. So the largest group is formed first.
 */
export function groupAlike<T>(
  items: readonly T[],
  getKeys: (item: T) => AlikeKeys,
): { groups: AlikeGroup<T>[]; rest: T[] } {
  const rest = new Set(
    items.map((item, index): Entry<T> => ({ index, item, groupKeys: formatGroupKeys(getKeys(item)) })),
  );
  const candidates = collectGroups(rest);
  const groups: { firstIndex: number; group: AlikeGroup<T> }[] = [];
  for (;;) {
    const [key, largest] = findLargestGroup(candidates);
    const [first, ...others] = largest;
    if (!first) break;
    const commonEnd = key.startsWith("source") ? "source" : "sink";
    groups.push({
      firstIndex: first.index,
      group: { commonEnd, items: [first.item, ...others.map(({ item }) => item)] },
    });
    for (const entry of [first, ...others]) {
      rest.delete(entry);
      for (const other of entry.groupKeys) candidates.get(other)?.delete(entry);
    }
  }
  return {
    groups: groups.toSorted((a, b) => a.firstIndex - b.firstIndex).map(({ group }) => group),
    rest: [...rest].map(({ item }) => item),
  };
}

const formatGroupKeys = ({ effect, source, sink }: AlikeKeys): string[] => [
  ...(sink === undefined ? [] : [`sink ${JSON.stringify([effect, sink])}`]),
  ...(source === undefined ? [] : [`source ${JSON.stringify([effect, source])}`]),
];

/** Collects the possible groups by key, in any size. */
function collectGroups<T>(entries: Iterable<Entry<T>>): Map<string, Set<Entry<T>>> {
  const groups = new Map<string, Set<Entry<T>>>();
  for (const entry of entries) {
    for (const key of entry.groupKeys) {
      const group = groups.get(key);
      if (group) group.add(entry);
      else groups.set(key, new Set([entry]));
    }
  }
  return groups;
}

/**
 * Finds the largest group that is large enough. Of several such groups, finds the one whose first entry comes first. If two groups
 * have the same first entry, the order of its keys decides.
 */
function findLargestGroup<T>(groups: ReadonlyMap<string, ReadonlySet<Entry<T>>>): [string, Entry<T>[]] {
  let largest = { key: "", group: new Set<Entry<T>>() as ReadonlySet<Entry<T>>, rank: Infinity };
  for (const [key, group] of groups) {
    if (group.size < MIN_ALIKE || group.size < largest.group.size) continue;
    const [first] = group;
    if (!first) continue;
    const rank = 2 * first.index + first.groupKeys.indexOf(key);
    if (group.size > largest.group.size || rank < largest.rank) largest = { key, group, rank };
  }
  return [largest.key, [...largest.group]];
}
