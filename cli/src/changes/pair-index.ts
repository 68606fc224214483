import {
  canBeSamePair,
  getOrganizationKey,
  isSamePair,
  type OrganizationRef,
  type Pair,
} from "./shared-data.js";

interface Entry<T> {
  position: number;
  value: T;
  pair: Pair;
}

/**
 * Finds values by their pair, in the order of the values. A preview can have thousands of pairs, so a pair is compared only with
 * those that have a key in common with it.
 */
export class PairIndex<T> {
  private readonly entriesByKey = new Map<string, Entry<T>[]>();

  /** @param getPair - a value without a pair is never found */
  constructor(values: readonly T[], getPair: (value: T) => Pair | undefined) {
    for (const [position, value] of values.entries()) {
      const pair = getPair(value);
      if (pair) this.add({ position, value, pair });
    }
  }

  private add(entry: Entry<T>): void {
    const { source } = entry.pair;
    const keys = [
      ...listPairKeys(entry.pair),
      ...listSinkKeys(entry.pair, "any source"),
      ...(source.id === undefined ? listSinkKeys(entry.pair, "unknown source") : []),
    ];
    for (const key of keys) {
      const entries = this.entriesByKey.get(key);
      if (entries) entries.push(entry);
      else this.entriesByKey.set(key, [entry]);
    }
  }

  /** Lists the values for which {@link isSamePair} is true. */
  listSame(pair: Pair): T[] {
    return this.list(listPairKeys(pair), (other) => isSamePair(other, pair));
  }

  /** Lists the values for which {@link canBeSamePair} is true. */
  listPossible(pair: Pair): T[] {
    const keys =
      pair.source.id === undefined
        ? listSinkKeys(pair, "any source")
        : [...listPairKeys(pair), ...listSinkKeys(pair, "unknown source")];
    return this.list(keys, (other) => canBeSamePair(other, pair));
  }

  private list(keys: readonly string[], isMatch: (pair: Pair) => boolean): T[] {
    const entries = new Set(keys.flatMap((key) => this.entriesByKey.get(key) ?? []));
    return [...entries]
      .filter(({ pair }) => isMatch(pair))
      .toSorted((a, b) => a.position - b.position)
      .map(({ value }) => value);
  }
}

/** Lists the keys of an organization. Two references to the same organization (`isSamePair`) have a key in common. */
function listOrganizationKeys(organization: OrganizationRef): string[] {
  const { alias, location } = organization;
  const key = getOrganizationKey(organization);
  return [
    ...(key === undefined ? [] : [key]),
    ...(alias === undefined ? [] : [JSON.stringify([alias, location])]),
  ];
}

const listPairKeys = ({ source, sink }: Pair): string[] =>
  listOrganizationKeys(sink).flatMap((sinkKey) =>
    listOrganizationKeys(source).map((sourceKey) => JSON.stringify([sinkKey, "source", sourceKey])),
  );

const listSinkKeys = ({ sink }: Pair, sources: "any source" | "unknown source"): string[] =>
  listOrganizationKeys(sink).map((sinkKey) => JSON.stringify([sinkKey, sources]));
