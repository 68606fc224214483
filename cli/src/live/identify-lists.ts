import type { Listing } from "datadog-org-connections-core/api/paging.js";
import { findCallerCandidates } from "datadog-org-connections-core/operation/caller.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";

/** The `Date` header of a response has whole seconds, and the server may round the time up. */
const DATE_PRECISION_MS = 1000;

/** A complete list of connections, read with the credentials of one session. */
export interface ConnectionList {
  session: Session;
  listing: Listing;
  /** How long the read took, in milliseconds. */
  durationMs: number;
}

/**
 * Finds the organization that each unproven list belongs to, by comparing the lists. The list of an organization contains
 * all connections from and to this organization. So if a list lacks a connection that existed while the list was read, the list
 * does not belong to the source or the destination of that connection.
 *
 * Example: two sources each have one connection to the same hub. The list of each source has two candidates, the source and the
 * hub. Each list lacks the connection from the other source to the hub, so neither list belongs to the hub.
 *
 * This works with read-only credentials. For one hub, usually only one or two lists are read again, even for many sources.
 *
 * A connection certainly existed while a list was read if both are true:
 *
 * - The connection was created before the first request for the list.
 * - Another list, read again after all lists were read, still contains the connection.
 *
 * The creation time and the `date` of the list come from the server's clock. By this clock, the first request was sent no earlier
 * than the `date`, minus one second, minus the duration of the read.
 *
 * @returns the organization of each list with exactly one remaining candidate, by the session of the list
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

/** Compares lists, and reads some of them again, each at most once. */
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
    const listedIds = new Set(listing.connections.map(({ id }) => id));
    for (const other of this.all) {
      if (other.session === session) continue;
      const absent = other.listing.connections.filter(
        ({ id, source, sink, createdAt }) =>
          !listedIds.has(id) &&
          (source?.id === organizationId || sink?.id === organizationId) &&
          Date.parse(createdAt) <= requestedAt,
      );
      if (absent.length === 0) continue;
      const live = await this.readAgain(other.session);
      if (absent.some(({ id }) => live.has(id))) return true;
    }
    return false;
  }

  /** Reads a list again, at most once. Returns the IDs of its connections, or none if the list cannot be read. */
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
