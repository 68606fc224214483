import type { Listing } from "datadog-org-connections-core/api/paging.js";
import { callerCandidates } from "datadog-org-connections-core/operation/caller.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";

/** A complete list of which nothing proves whose it is, or one that may help to prove it. */
export interface ReadList {
  session: Session;
  listing: Listing;
}

/**
 * Finds out whose lists are by what other lists show: an organization takes part in every row of its own list, so a
 * connection of it that was live all the while and is not in a list shows that the list is not its own. Of two sources
 * with one connection to a hub each, both lists have two candidates; each shows a connection of the hub that the other
 * list lacks, so neither list is the hub's. Read-only keys are enough for that, and two more requests for any number of
 * lists.
 *
 * "All the while" means: created before the list was begun, and still live in another list that was begun after all of
 * them.
 *
 * @returns by session, the one organization that its list can be of
 */
export async function excludeCandidates(
  unproven: readonly ReadList[],
  all: readonly ReadList[],
): Promise<Map<Session, string>> {
  const witnesses = new Witnesses(all);
  const proven = new Map<Session, string>();
  for (const list of unproven) {
    const candidates = callerCandidates(list.listing.connections).map(({ id }) => id);
    const left: string[] = [];
    for (const id of candidates) if (!(await witnesses.exclude(list, id))) left.push(id);
    const [only, ...others] = left;
    if (only !== undefined && others.length === 0) proven.set(list.session, only);
  }
  return proven;
}

/** What the lists show, and what a second look at some of them has shown again. */
class Witnesses {
  private readonly again = new Map<Session, Promise<ReadonlySet<string>>>();

  constructor(private readonly all: readonly ReadList[]) {}

  /** Whether the list is certainly not this organization's own. */
  async exclude({ session, listing }: ReadList, organizationId: string): Promise<boolean> {
    const { date } = listing;
    if (date === undefined) return false;
    const own = new Set(listing.connections.map(({ id }) => id));
    for (const other of this.all) {
      if (other.session === session) continue;
      const rows = other.listing.connections.filter(
        ({ id, source, sink, createdAt }) =>
          !own.has(id) &&
          (source?.id === organizationId || sink?.id === organizationId) &&
          Date.parse(createdAt) <= date,
      );
      if (rows.length === 0) continue;
      const live = await this.lookAgain(other.session);
      if (rows.some(({ id }) => live.has(id))) return true;
    }
    return false;
  }

  /** The ids that a list shows now, read once. A list that cannot be read again is no witness. */
  private lookAgain(session: Session): Promise<ReadonlySet<string>> {
    const look =
      this.again.get(session) ??
      session.listingSince(session.moment()).then(
        ({ connections }) => new Set(connections.map(({ id }) => id)),
        () => new Set<string>(),
      );
    this.again.set(session, look);
    return look;
  }
}
