import type { Listing } from "datadog-org-connections-core/api/paging.js";
import type { Connection, Party } from "datadog-org-connections-core/api/parse.js";
import type { User } from "datadog-org-connections-core/api/parse-users.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { requireProvenCaller } from "datadog-org-connections-core/operation/identity.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { aFewAtATime } from "datadog-org-connections-core/operation/a-few-at-a-time.js";
import { excludeCandidates, type ReadList } from "./exclude-candidates.js";
import type { ConfiguredOrganization } from "./organizations.js";

/** Organizations that are read at once. Each has a rate limit of its own. */
const AT_ONCE = 4;

/** A configured organization, and whether its list is complete and proven to be its own. */
export type LookedAt = {
  /** The names under which its keys stand. */
  names: readonly string[];
  /** UUID of the organization that the keys belong to. */
  id?: string;
  /** Its name at Datadog, where that is known. */
  name?: string | undefined;
} & (
  | { checked: true; id: string }
  /** What was seen of its connections may not be all of them, so that nothing is missing and nothing is complete. */
  | { checked: false; code: string; reason: string }
);

/** A live connection, as its two ends show it. */
export interface LiveConnection {
  /** UUID. */
  id: string;
  source?: Party;
  sink?: Party;
  /** Sorted. */
  connectionTypes: string[];
  /** RFC 3339. */
  createdAt: string;
  /** With handle and e-mail address where the list includes them. */
  createdBy?: User;
  /** The first names of the organizations in whose lists it stands. */
  seenFrom: string[];
}

/** What is live in the configured organizations. */
export interface Live {
  organizations: LookedAt[];
  /** By creation, each once. */
  connections: LiveConnection[];
}

/** How far a reading is. */
export type OnProgress = (done: number, of: number) => void;

/**
 * Reads every configured organization, a few at a time, page by page, and merges what they see by the connection's id.
 * An organization is checked only by a complete listing with keys that are proven to be its own: any other is
 * `checked: false`, with the reason. What was seen with keys of which nothing proves whose they are is live all the same;
 * what keys of another organization than the configured `id` see is left out.
 */
export async function readLive(
  organizations: readonly ConfiguredOrganization[],
  { onProgress, signal }: { onProgress?: OnProgress; signal?: AbortSignal } = {},
): Promise<Live> {
  let done = 0;
  const read = await aFewAtATime(organizations, AT_ONCE, async (organization) => {
    signal?.throwIfAborted();
    const one = await readOne(organization);
    onProgress?.(++done, organizations.length);
    return one;
  });
  await proveByOthers(read);
  return {
    organizations: read.map(({ lookedAt }) => lookedAt),
    connections: merge(
      read.flatMap(({ lookedAt, list }) =>
        list ? [{ from: lookedAt.names[0] ?? "", listing: list.listing }] : [],
      ),
    ),
  };
}

/** What came of one organization, and its list where that was complete. */
interface ReadOne {
  lookedAt: LookedAt;
  list?: ReadList;
}

async function readOne({ names, session, failure }: ConfiguredOrganization): Promise<ReadOne> {
  let list: ReadList | undefined;
  try {
    if (!session) throw failure;
    list = { session, listing: await session.listingSince(-1) };
    const id = await requireProvenCaller(session, "The check of its connections");
    return { lookedAt: { names, checked: true, ...(await identityOf(id, list)) }, list };
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    const lookedAt: LookedAt = { names, checked: false, code: error.code, reason: error.text };
    return { lookedAt, ...(list && error.code !== "wrong-organization" && { list }) };
  }
}

/** Checks the organizations whose lists alone did not prove whose they are, where the lists of others do. */
async function proveByOthers(read: ReadOne[]): Promise<void> {
  const lists = read.flatMap(({ list }) => (list ? [list] : []));
  const unproven = read.flatMap(({ lookedAt, list }) =>
    list && !lookedAt.checked && lookedAt.code === "organization-unproven" ? [list] : [],
  );
  const proven = await excludeCandidates(unproven, lists);
  for (const one of read) {
    const id = one.list && proven.get(one.list.session);
    if (!one.list || id === undefined) continue;
    const { organizationId } = one.list.session.credentials;
    // Another `id` is configured: the error that is there says so.
    if (organizationId !== undefined && organizationId !== id) continue;
    const { names } = one.lookedAt;
    one.lookedAt = { names, checked: true, ...(await identityOf(id, one.list)) };
  }
}

async function identityOf(
  id: string,
  { session, listing }: ReadList,
): Promise<{ id: string; name: string | undefined }> {
  return { id, name: await nameOf(id, session, listing) };
}

/** The organization's name: a help for readers, so that its absence is no failure. */
async function nameOf(id: string, session: Session, { connections }: Listing): Promise<string | undefined> {
  const ends = connections.flatMap(({ source, sink }) => [source, sink]);
  return (
    ends.find((end) => end?.id === id && end.name !== undefined)?.name ??
    (await session.organizations().catch(() => undefined))?.organizations.find((one) => one.id === id)?.name
  );
}

function merge(listings: readonly { from: string; listing: Listing }[]): LiveConnection[] {
  const rows = new Map<string, LiveConnection>();
  for (const { from, listing } of listings) {
    const users = new Map(listing.users?.map((user) => [user.id, user]));
    for (const connection of listing.connections) {
      const id = connection.id.toLowerCase();
      const known = rows.get(id);
      rows.set(id, known ? both(known, connection, from) : { ...connection, id, seenFrom: [from] });
      const row = rows.get(id);
      const creator = row?.createdBy && users.get(row.createdBy.id);
      if (row && creator) row.createdBy = { ...creator, ...row.createdBy };
    }
  }
  return [...rows.values()].toSorted((a, b) =>
    a.createdAt < b.createdAt ? -1 : Number(a.createdAt > b.createdAt),
  );
}

/** What the first list left out, the other may have. */
function both(known: LiveConnection, other: Connection, from: string): LiveConnection {
  const { source, sink, createdBy } = other;
  return {
    ...known,
    ...(source && { source: { ...source, ...known.source } }),
    ...(sink && { sink: { ...sink, ...known.sink } }),
    ...(createdBy && { createdBy: { ...createdBy, ...known.createdBy } }),
    seenFrom: [...known.seenFrom, from],
  };
}
