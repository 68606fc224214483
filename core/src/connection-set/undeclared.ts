import type { Listing } from "../api/paging.js";
import type { OperationContext } from "../operation/operation-context.js";
import { describeClaim } from "./describe-claim.js";
import type { SetInputs, SetState } from "./types.js";

/**
 * Finds the live connections from the set's organization that are not members and that no other resource claims (see
 * {@link describeClaim}). Omits every connection to a member's destination, even one with a new ID.
 *
 * @param declared - the types that the set declares, by destination. Empty in a refresh. A live connection to a declared
 *   destination is not undeclared, even if the destination has no member because creating or adopting the connection failed or has
 *   an unknown outcome
 */
export async function findUndeclared(
  context: OperationContext,
  { connections }: Listing,
  set: Pick<SetState, "source" | "sourceOrgId" | "members">,
  declared: SetInputs["connections"] = {},
): Promise<{ connections: Record<string, string[]>; ids: Record<string, string> }> {
  const rows = connections.flatMap(({ id, source, sink, connectionTypes }) =>
    source?.id === set.sourceOrgId && sink && !(sink.id in set.members)
      ? [{ id, sink: sink.id, connectionTypes }]
      : [],
  );
  const undeclared = [];
  for (const row of rows) {
    if (row.sink in declared) continue;
    if ((await describeClaim(context, set, row.sink, row.id)) === undefined) undeclared.push(row);
  }
  return {
    connections: Object.fromEntries(undeclared.map(({ sink, connectionTypes }) => [sink, connectionTypes])),
    ids: Object.fromEntries(undeclared.map(({ sink, id }) => [sink, id])),
  };
}
