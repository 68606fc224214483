import type { Connection } from "../api/parse.js";
import type { Listing } from "../api/paging.js";
import { hasSameTypes } from "./inputs.js";
import type { OperationLedger } from "../operation/ledger.js";
import { findByPair } from "./existing.js";

/**
 * Whether a create with an unknown outcome created this live connection. All of these conditions must be true:
 *
 * - The baseline has no connection of the pair. Or it has one with another ID, which this operation has deleted since.
 * - The connection was created after the time in the `Date` header of the baseline, or at most one second before. The server may
 *   round the header up to a whole second.
 * - The creator of the connection is the user of these credentials. Not required if either user is unknown.
 * - The connection has the types that were sent. Not required if Datadog chooses the types.
 *
 * If a condition is false, or a required value is missing, another user may have created the connection. The connection is then
 * used only if an adoption is allowed.
 *
 * @param live - the connection of the pair after the create
 * @param baseline - a complete listing from before the create
 * @param userId - the user of these credentials, if known
 * @param sentTypes - undefined if Datadog chooses the types
 */
export function isCreatedByThisOperation(
  live: Connection,
  baseline: Listing,
  userId: string | undefined,
  sentTypes: readonly string[] | undefined,
  ledger: Pick<OperationLedger, "isDeleted">,
): boolean {
  const { source, sink, createdBy, createdAt } = live;
  if (sentTypes && !hasSameTypes(sentTypes, live.connectionTypes)) return false;
  if (!source || !sink || baseline.date === undefined) return false;
  const before = findByPair(baseline, source.id, sink.id);
  if (before && (before.id === live.id || !ledger.isDeleted(before.id))) return false;
  if (userId !== undefined && createdBy !== undefined && createdBy.id !== userId) return false;
  return Date.parse(createdAt) >= baseline.date - 1000;
}
