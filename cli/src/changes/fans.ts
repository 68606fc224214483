import type { Change } from "./change.js";
import type { Organization } from "./sharing.js";
import type { Changes } from "./changes.js";
import type { Unread } from "./staying.js";
import { isSamePair, keyOf } from "./sharing.js";

/** One source with all its destinations after the changes. */
export interface Fan {
  source: Organization;
  sinks: Organization[];
  /** The changes that bring it a destination, one at least. */
  begins: Change[];
  /**
   * Why there may be more destinations: resources whose destinations are not told, or that it is not told which source this
   * is.
   */
  uncounted: string[];
}

/** Of each source that gets a destination under this program: all of them. */
export function fansOf({
  changes,
  stays,
  unreadable,
}: Pick<Changes, "changes" | "stays" | "unreadable">): Fan[] {
  const fans = new Map<string | undefined, Fan>();
  const fanOf = (source: Organization): Fan => {
    const key = keyOf(source);
    const fan = fans.get(key) ?? { source, sinks: [], begins: [], uncounted: [] };
    fans.set(key, fan);
    return fan;
  };
  for (const { source, sink } of stays) fanOf(source).sinks.push(sink);
  for (const change of changes) {
    if (!change.after) continue;
    const fan = fanOf(change.after.source);
    fan.sinks.push(change.after.sink);
    if (begins(change)) fan.begins.push(change);
  }
  return [...fans.values()]
    .filter((fan) => fan.begins.length > 0)
    .map((fan) => ({
      ...fan,
      sinks: onlyOnce(fan.sinks),
      uncounted: uncountedIn(fan, changes, unreadable),
    }));
}

function uncountedIn(
  { source, begins: own }: Fan,
  changes: readonly Change[],
  unreadable: readonly Unread[],
): string[] {
  const key = keyOf(source);
  if (key === undefined) return own.map(({ resource }) => resource);
  const mayBe = (other: Organization | undefined) => {
    const otherKey = keyOf(other ?? {});
    return otherKey === undefined || otherKey === key;
  };
  const open = changes.filter(({ after, isOpen }) => isOpen === true && after && mayBe(after.source));
  const stay = unreadable.filter((one) => mayBe(one.source));
  return [...new Set([...open.map(({ resource }) => resource), ...stay.map(({ name }) => name)])];
}

function begins({ kind, before, after, takenFrom }: Change): boolean {
  if (kind === "create") return true;
  if (kind === "adopt") return takenFrom === undefined;
  return kind === "replace" && !isSamePair(before, after);
}

/** Those of which nothing is known count one each. */
function onlyOnce(list: readonly Organization[]): Organization[] {
  return [...new Map(list.map((one, at) => [keyOf(one) ?? at, one])).values()];
}
