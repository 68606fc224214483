import type { Connection } from "../api/parse.js";
import type { Listing } from "../api/paging.js";
import { sameSet } from "./inputs.js";
import { byPair } from "./records.js";

/**
 * Whether a connection that is live after a create whose answer was lost is the one that this create made. Only if all
 * of it holds: its pair was absent from a complete listing taken before, or was that of another connection, which this
 * operation has ended since; it was not created before that listing's `Date` (which has whole seconds, so minus one); its
 * creator is the user of these keys, where both are known; and it has the types that were sent, since a create is one
 * write. Otherwise it is somebody else's, and must be adopted on purpose.
 *
 * @param ended - ids of connections that this operation has ended
 */
export function isOurs(
  live: Connection,
  baseline: Listing,
  user: string | undefined,
  sent: readonly string[] | undefined,
  ended: ReadonlySet<string>,
): boolean {
  const { source, sink, createdBy, createdAt } = live;
  if (sent && !sameSet(sent, live.connectionTypes)) return false;
  if (!source || !sink || baseline.date === undefined) return false;
  const before = byPair(baseline, source.id, sink.id);
  if (before && (before.id === live.id || !ended.has(before.id))) return false;
  if (user !== undefined && createdBy !== undefined && createdBy.id !== user) return false;
  return Date.parse(createdAt) >= baseline.date - 1000;
}
