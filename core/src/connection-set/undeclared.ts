import type { Listing } from "../api/paging.js";
import type { OperationContext } from "../operation/operation-context.js";
import { describeClaim } from "./describe-claim.js";
import type { SetInputs, SetState } from "./types.js";

/**
 * Finds the live connections from the set's organization that are not members of the set, and that no other resource manages, declares or
 * may declare (see {@link describeClaim}). A listing also contains the connections to the organization, which do not count. A connection to
 * the destination of a member does not count either, even if it is a new one with another ID. A refresh first removes such a member.
 *
 * @param declared - the types that the set declares, by destination; empty in a refresh. A connection to a declared destination is not
 *   undeclared, even if it is not a member because its create failed or has an unknown outcome
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
