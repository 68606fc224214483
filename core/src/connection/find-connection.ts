import type { Listing } from "../api/paging.js";
import type { Connection } from "../api/parse.js";
import type { Endpoints } from "./types.js";

/** The connections of each listing, by ID in lower case. Without an index, each resource would search the whole listing. */
const indexes = new WeakMap<Listing, Map<string, Connection>>();

/** Finds the live connection with this ID. A program may pass an ID in upper case to `get`. */
export function findById(listing: Listing, connectionId: string): Connection | undefined {
  const index =
    indexes.get(listing) ??
    new Map(listing.connections.map((connection) => [connection.id.toLowerCase(), connection]));
  indexes.set(listing, index);
  return index.get(connectionId.toLowerCase());
}

/**
 * Finds the live connection from a source to a destination. There is at most one, because Datadog refuses a second one with 409
 * (https://docs.datadoghq.com/api/latest/org-connections/).
 */
export function findByPair(
  { connections }: Listing,
  sourceOrgId: string,
  sinkOrgId: string,
): Connection | undefined {
  return connections.find(({ source, sink }) => source?.id === sourceOrgId && sink?.id === sinkOrgId);
}

/** Finds the live connection from the source to the destination of a state. Returns undefined if the state lacks one of them. */
export function findByEndpoints(
  listing: Listing,
  { sourceOrgId, sinkOrgId }: Endpoints,
): Connection | undefined {
  return sourceOrgId === undefined || sinkOrgId === undefined
    ? undefined
    : findByPair(listing, sourceOrgId, sinkOrgId);
}
