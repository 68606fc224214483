import type { Listing } from "datadog-org-connections-core/api/paging.js";
import { findCallerCandidates } from "datadog-org-connections-core/operation/caller.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";

/** The `Date` header of a response has whole seconds, and the server may round them up. */
const DATE_PRECISION_MS = 1000;

/** A complete list of connections, read with the credentials of one session. */
export interface ConnectionList {
  session: Session;
  listing: Listing;
  /** How long the read took, in milliseconds. */
  durationMs: number;
}

/**
 * Finds the organization that each unproven list belongs to by comparing it with the other lists. An organization is one end of every
 * connection in its own list, and its list has all its connections. So a list that lacks a connection does not belong to either
 * end of that connection, if the connection existed while the list was read. Example: two sources each have one connection to
 * the same hub. Each list has two candidates, the source and the hub. Neither list has the other source's connection to the
 * hub, so neither list belongs to the hub. This works with read-only credentials. For one hub, it reads only two lists again,
 * whatever the count of sources.
 *
 * A connection existed while a list was read if it was created before the first request for that list, and if another list that
 * contains the connection still contains it when read again, after all lists were read. By the server's clock, the first request for a
 * list was sent at the time in its response minus one second and the duration of the read, or later.
 *
 * @returns the only organization that a list can belong to, by the session of the list; a list with several or none is left out
 */
export async function identifyLists(
  unproven: readonly ConnectionList[],
  all: readonly ConnectionList[],
): Promise<Map<Session, string>> {
  const comparison = new ListComparison(all);
  const proven = new Map<Session, string>();
  for (const list of unproven) {
    const candidates = findCallerCandidates(list.listing.connections).map(({ id }) => id);
    const remaining: string[] = [];
    for (const id of candidates) if (!(await comparison.isExcluded(list, id))) remaining.push(id);
    const [only, ...others] = remaining;
    if (only !== undefined && others.length === 0) proven.set(list.session, only);
  }
  return proven;
}

/** Compares lists. Reads some of them again, once, to do so. */
class ListComparison {
  private readonly rereads = new Map<Session, Promise<ReadonlySet<string>>>();

  constructor(private readonly all: readonly ConnectionList[]) {}

  /** Whether the list certainly does not belong to this organization. */
  async isExcluded(
    { session, listing, durationMs }: ConnectionList,
    organizationId: string,
  ): Promise<boolean> {
    if (listing.date === undefined) return false;
    const requestedAt = listing.date - DATE_PRECISION_MS - durationMs;
    const own = new Set(listing.connections.map(({ id }) => id));
    for (const other of this.all) {
      if (other.session === session) continue;
      const rows = other.listing.connections.filter(
        ({ id, source, sink, createdAt }) =>
          !own.has(id) &&
          (source?.id === organizationId || sink?.id === organizationId) &&
          Date.parse(createdAt) <= requestedAt,
      );
      if (rows.length === 0) continue;
      const live = await this.readAgain(other.session);
      if (rows.some(({ id }) => live.has(id))) return true;
    }
    return false;
  }

  /** Reads a list again, once. Returns its connection ids; none if it cannot be read. */
  private readAgain(session: Session): Promise<ReadonlySet<string>> {
    const reread =
      this.rereads.get(session) ??
      session.getListingSince(session.getSequence()).then(
        ({ connections }) => new Set(connections.map(({ id }) => id)),
        () => new Set<string>(),
      );
    this.rereads.set(session, reread);
    return reread;
  }
}
