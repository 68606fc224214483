import type { Change } from "../../changes/change.js";
import type { Organization, Sharing } from "../../changes/sharing.js";
import { called, listed, type Phrase } from "../../changes/phrase.js";
import { keyOf } from "../../changes/sharing.js";

/** How many names a sentence has at most. */
const MOST_NAMES = 30;

/** The items by a key, in the order in which the keys come. */
export function groupBy<T>(items: readonly T[], keyFor: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyFor(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** Organizations by name, each once; of more than fit, how many more there are. */
export function named(organizations: readonly Organization[], most = MOST_NAMES): Phrase {
  const once = [...new Map(organizations.map((one, at) => [keyOf(one) ?? at, one])).values()];
  const more = once.length - most;
  const names: Phrase[] = once.slice(0, most).map((one) => [{ strong: called(one) }]);
  return listed(more > 0 ? [...names, `${more} more`] : names);
}

/** Sharings by their source. */
export function bySource(sharings: readonly Sharing[]): { source: Organization; sinks: Organization[] }[] {
  return groupBy(sharings, ({ source }) => keyOf(source) ?? "").map((own) => ({
    source: own[0].source,
    sinks: own.map(({ sink }) => sink),
  }));
}

/** The organizations at the ends of all changes, before and after. */
export const endsOf = (changes: readonly Change[]): Organization[] =>
  changes.flatMap(({ before, after }) =>
    [before, after].flatMap((one) => (one ? [one.source, one.sink] : [])),
  );

/** What is shared after changes that leave something shared. */
export const aftersOf = (changes: readonly Change[]): Sharing[] =>
  changes.flatMap(({ after }) => (after ? [after] : []));
