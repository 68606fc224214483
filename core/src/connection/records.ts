import type { Connection } from "../api/parse.js";
import type { Listing } from "../api/paging.js";
import type { Ends, Recorded, Wanted } from "./types.js";

/**
 * The state of a live connection. What an answer does not tell (an update's answer has no names, relationships are
 * optional) is kept from `before`.
 */
export function record(
  wanted: Wanted,
  live: Connection,
  before: Partial<Pick<Recorded, "sourceOrgId" | "sourceOrgName" | "sinkOrgName" | "createdBy">> = {},
): Recorded {
  const { connectionTypes: managed, ...inputs } = wanted;
  return {
    ...inputs,
    connectionTypes: live.connectionTypes,
    unmanagedTypes: managed ? undefined : true,
    sourceOrgId: live.source?.id ?? before.sourceOrgId,
    sourceOrgName: live.source?.name ?? before.sourceOrgName,
    sinkOrgName: live.sink?.name ?? before.sinkOrgName,
    createdAt: live.createdAt,
    createdBy: live.createdBy?.id ?? before.createdBy,
  };
}

/** The inputs as the state mirrors them, with the live types where they are managed: so drift shows as a difference. */
export function wantedOf(recorded: Recorded): Wanted {
  const { source, sinkOrgId, connectionTypes, unmanagedTypes, adopt, reason } = recorded;
  return {
    source,
    sinkOrgId,
    connectionTypes: unmanagedTypes === true ? undefined : connectionTypes,
    adopt,
    reason,
  };
}

/** By id, in lower case, what each listing holds: a thousand resources look into the same one. */
const indexes = new WeakMap<Listing, Map<string, Connection>>();

/** The live connection with this id; a program may give it to `get` in upper case. */
export function byId(listing: Listing, connectionId: string): Connection | undefined {
  const index =
    indexes.get(listing) ?? new Map(listing.connections.map((one) => [one.id.toLowerCase(), one]));
  indexes.set(listing, index);
  return index.get(connectionId.toLowerCase());
}

/** The live connection between two organizations; a pair is unique. */
export function byPair(
  { connections }: Listing,
  sourceOrgId: string,
  sinkOrgId: string,
): Connection | undefined {
  return connections.find(({ source, sink }) => source?.id === sourceOrgId && sink?.id === sinkOrgId);
}

/** The live connection between the ends that a state records; none where it does not record both. */
export function byPairOf(listing: Listing, { sourceOrgId, sinkOrgId }: Ends): Connection | undefined {
  return sourceOrgId === undefined || sinkOrgId === undefined
    ? undefined
    : byPair(listing, sourceOrgId, sinkOrgId);
}

/** How messages speak of a connection: `40bbb1c2-… from Payments to Observability`. */
export function describe(connectionId: string, recorded: Ends): string {
  const source = recorded.sourceOrgName ?? recorded.sourceOrgId ?? "an organization not recorded";
  const sink = recorded.sinkOrgName ?? recorded.sinkOrgId ?? "an organization not recorded";
  return `connection ${connectionId} from ${source} to ${sink}`;
}

/** How messages name an organization: `Acme Payments (aaaaaaaa-…)`, or by what is known of it. */
export const withId = (name: string | undefined, id: string | undefined): string =>
  name === undefined || id === undefined ? (name ?? id ?? "") : `${name} (${id})`;
