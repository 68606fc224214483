/** The minimum count of alike changes or statements that become one line, and of names or IDs of which a sentence lists only some. */
export const MIN_ALIKE = 8;

/** The end of a connection that all items of a group have in common. */
export type CommonEnd = "source" | "sink";

/** Alike items with a common end. */
export interface AlikeGroup<T> {
  commonEnd: CommonEnd;
  items: [T, ...T[]];
}

/** The keys of an item. */
export interface AlikeKeys {
  /** What happens. Items with different effects are not alike. */
  effect: string;
  /** The organization at each end. An unknown one has no key. */
  source: string | undefined;
  sink: string | undefined;
}

interface Entry<T> {
  index: number;
  item: T;
  /** The keys of the groups that it may be in: one for each end that has a key. */
  keys: readonly string[];
}

/**
 * Groups alike items by their common end, for example 40 organizations that stop sharing with one hub. The largest group is
 * formed first, because an item may have a common end with two groups.
 */
export function groupAlike<T>(
  items: readonly T[],
  getKeys: (item: T) => AlikeKeys,
): { groups: AlikeGroup<T>[]; rest: T[] } {
  let rest = items.map((item, index): Entry<T> => ({ index, item, keys: formatKeys(getKeys(item)) }));
  const groups: { first: number; group: AlikeGroup<T> }[] = [];
  for (;;) {
    const [key, largest] = findLargest(rest);
    const [first, ...others] = largest;
    if (!first || largest.length < MIN_ALIKE) break;
    const commonEnd = key.startsWith("source") ? "source" : "sink";
    groups.push({
      first: first.index,
      group: { commonEnd, items: [first.item, ...others.map(({ item }) => item)] },
    });
    rest = rest.filter(({ keys }) => !keys.includes(key));
  }
  return {
    groups: groups.toSorted((a, b) => a.first - b.first).map(({ group }) => group),
    rest: rest.map(({ item }) => item),
  };
}

const formatKeys = ({ effect, source, sink }: AlikeKeys): string[] => [
  ...(sink === undefined ? [] : [`sink ${JSON.stringify([effect, sink])}`]),
  ...(source === undefined ? [] : [`source ${JSON.stringify([effect, source])}`]),
];

function findLargest<T>(entries: readonly Entry<T>[]): [string, Entry<T>[]] {
  const groups = new Map<string, Entry<T>[]>();
  for (const entry of entries) {
    for (const key of entry.keys) {
      const group = groups.get(key);
      if (group) group.push(entry);
      else groups.set(key, [entry]);
    }
  }
  let largest: [string, Entry<T>[]] = ["", []];
  for (const group of groups) if (group[1].length > largest[1].length) largest = group;
  return largest;
}
