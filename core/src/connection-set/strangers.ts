import type { Listing } from "../api/paging.js";
import type { World } from "../operation/world.js";
import { claimantOf } from "./claimants.js";
import type { RecordedSet } from "./types.js";

/**
 * The live connections from the set's organization that are none of its members, and that no other resource of the stack
 * is known to hold. A listing returns both directions: only rows whose source is this organization count. One that others
 * have put in a member's place is no stranger: a pair is unique, so the member is gone, which a refresh tells.
 */
export async function strangersOf(
  world: World,
  { connections }: Listing,
  set: Pick<RecordedSet, "source" | "sourceOrgId" | "members">,
): Promise<{ connections: Record<string, string[]>; ids: Record<string, string> }> {
  const rows = connections.flatMap(({ id, source, sink, connectionTypes }) =>
    source?.id === set.sourceOrgId && sink && !(sink.id in set.members)
      ? [{ id, sink: sink.id, connectionTypes }]
      : [],
  );
  const strangers = [];
  for (const row of rows) {
    if ((await claimantOf(world, set, row.sink, row.id)) === undefined) strangers.push(row);
  }
  return {
    connections: Object.fromEntries(strangers.map(({ sink, connectionTypes }) => [sink, connectionTypes])),
    ids: Object.fromEntries(strangers.map(({ sink, id }) => [sink, id])),
  };
}
