import type { Listing } from "datadog-org-connections-core/api/paging.js";
import type { Connection, Party, User } from "datadog-org-connections-core/api/parse.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import { requireProvenCaller } from "datadog-org-connections-core/operation/prove-caller.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";
import { mapConcurrent } from "datadog-org-connections-core/operation/map-concurrent.js";
import { identifyLists, type ConnectionList } from "./identify-lists.js";
import type { ConfiguredOrganization } from "./organizations.js";

/** The maximum count of organizations that are read concurrently. Each has its own rate limit. */
const MAX_CONCURRENT = 4;

/** A configured organization, and whether its list is complete and proven to belong to it. */
export type OrganizationStatus = {
  /** All its configured names. */
  names: readonly string[];
  /** UUID of the organization that the credentials belong to. */
  id?: string;
  /** Its name in Datadog, if known. */
  name?: string | undefined;
} & (
  | { checked: true; id: string }
  /**
   * The organization has no complete list that is proven to belong to it. So its list does not prove that a connection is missing.
   */
  | { checked: false; code: string; reason: string }
);

/** A live connection, merged from all lists that contain it. */
export interface LiveConnection {
  /** UUID. */
  id: string;
  source?: Party;
  sink?: Party;
  /** Sorted. */
  connectionTypes: string[];
  /** RFC 3339. */
  createdAt: string;
  /** With handle and e-mail address if a list includes them. */
  createdBy?: User;
  /** The first name of each organization whose list contains the connection. */
  listedBy: string[];
}

/** The live connections of the configured organizations. */
export interface LiveConnections {
  organizations: OrganizationStatus[];
  /** By creation time, without duplicates. */
  connections: LiveConnection[];
}

/** Reports the progress of a read. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Reads the organizations concurrently, and merges their connections by ID. An organization is `checked` only with a complete list
 * and with credentials that are proven to belong to it. Otherwise, `reason` says why not.
 *
 * Connections from an unproven list are included, because they are live too. A complete list is left out only if `code` is
 * `wrong-organization`. Then its credentials are proven to belong to another organization than the configured `id`.
 *
 * @throws the reason of the signal, if the signal is aborted before the read of the last organization starts
 */
export async function readLive(
  organizations: readonly ConfiguredOrganization[],
  { onProgress, signal }: { onProgress?: OnProgress; signal?: AbortSignal } = {},
): Promise<LiveConnections> {
  let done = 0;
  const reads = await mapConcurrent(organizations, MAX_CONCURRENT, async (organization) => {
    signal?.throwIfAborted();
    const result = await readOrganization(organization);
    onProgress?.(++done, organizations.length);
    return result;
  });
  await proveByOtherLists(reads);
  return {
    organizations: reads.map(({ status }) => status),
    connections: mergeListings(
      reads.flatMap(({ status, list }) =>
        list ? [{ from: status.names[0] ?? "", listing: list.listing }] : [],
      ),
    ),
  };
}

/** The status of one organization, and its list. The list is omitted if it is incomplete or the code is `wrong-organization`. */
interface OrganizationRead {
  status: OrganizationStatus;
  list?: ConnectionList;
}

async function readOrganization({
  names,
  session,
  failure,
}: ConfiguredOrganization): Promise<OrganizationRead> {
  let list: ConnectionList | undefined;
  try {
    if (!session) throw failure;
    const startedAt = performance.now();
    // Any listing is new enough, because sequence numbers begin at 1.
    const listing = await session.getListingSince(0);
    list = { session, listing, durationMs: performance.now() - startedAt };
    const id = await requireProvenCaller(session, "Checking the connections");
    return { status: { names, checked: true, ...(await readIdentity(id, list)) }, list };
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    const status: OrganizationStatus = { names, checked: false, code: error.code, reason: error.text };
    return { status, ...(list && error.code !== "wrong-organization" && { list }) };
  }
}

/** Identifies the organizations of unproven lists (`organization-unproven`) by comparing all lists, and updates their status. */
async function proveByOtherLists(reads: OrganizationRead[]): Promise<void> {
  const lists = reads.flatMap(({ list }) => (list ? [list] : []));
  const unproven = reads.flatMap(({ status, list }) =>
    list && !status.checked && status.code === "organization-unproven" ? [list] : [],
  );
  const proven = await identifyLists(unproven, lists);
  for (const read of reads) {
    const id = read.list && proven.get(read.list.session);
    if (!read.list || id === undefined) continue;
    const { organizationId } = read.list.session.credentials;
    // The list belongs to another organization than the configured one (`organizationId`), so `checked` stays false. The status
    // stays `organization-unproven`, because its `reason` says that nothing proves the configured one.
    if (organizationId !== undefined && organizationId !== id) continue;
    const { names } = read.status;
    read.status = { names, checked: true, ...(await readIdentity(id, read.list)) };
  }
}

async function readIdentity(
  id: string,
  { session, listing }: ConnectionList,
): Promise<{ id: string; name: string | undefined }> {
  return { id, name: await findName(id, session, listing) };
}

/** Finds the organization's name. The name is optional, so a failure is ignored. */
async function findName(id: string, session: Session, { connections }: Listing): Promise<string | undefined> {
  const ends = connections.flatMap(({ source, sink }) => [source, sink]);
  return (
    ends.find((end) => end?.id === id && end.name !== undefined)?.name ??
    (await session.getOrganizations().catch(() => undefined))?.organizations.find((one) => one.id === id)
      ?.name
  );
}

function mergeListings(listings: readonly { from: string; listing: Listing }[]): LiveConnection[] {
  const rows = new Map<string, LiveConnection>();
  for (const { from, listing } of listings) {
    const users = new Map(listing.users?.map((user) => [user.id, user]));
    for (const connection of listing.connections) {
      const id = connection.id.toLowerCase();
      const known = rows.get(id);
      rows.set(
        id,
        known ? mergeConnection(known, connection, from) : { ...connection, id, listedBy: [from] },
      );
      const row = rows.get(id);
      const creator = row?.createdBy && users.get(row.createdBy.id);
      if (row && creator) row.createdBy = { ...creator, ...row.createdBy };
    }
  }
  return [...rows.values()].toSorted((a, b) =>
    a.createdAt < b.createdAt ? -1 : Number(a.createdAt > b.createdAt),
  );
}

/** Fills in, from another list, the fields that the first list lacks. */
function mergeConnection(known: LiveConnection, other: Connection, from: string): LiveConnection {
  const { source, sink, createdBy } = other;
  return {
    ...known,
    ...(source && { source: { ...source, ...known.source } }),
    ...(sink && { sink: { ...sink, ...known.sink } }),
    ...(createdBy && { createdBy: { ...createdBy, ...known.createdBy } }),
    listedBy: [...known.listedBy, from],
  };
}

/** The organizations at the ends of a connection. A UUID is undefined if it is unknown. */
interface Ends {
  sourceOrgId?: string | undefined;
  sinkOrgId?: string | undefined;
}

/**
 * Creates a function that returns whether the source or the destination of a connection was checked. If so, the complete list of this
 * organization proves whether the connection is live.
 */
export function createCheckedFilter(organizations: readonly OrganizationStatus[]): (ends: Ends) => boolean {
  const checkedIds = new Set(organizations.flatMap((one) => (one.checked ? [one.id] : [])));
  return ({ sourceOrgId, sinkOrgId }) =>
    [sourceOrgId, sinkOrgId].some((id) => id !== undefined && checkedIds.has(id.toLowerCase()));
}
