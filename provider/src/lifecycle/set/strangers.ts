import type { Listing } from "../../client/paging.js";
import type { RecordedSet } from "./types.js";

/**
 * The live connections from the set's organization that are none of its members. A listing returns both directions: only
 * rows whose source is this organization count. One that others have put in a member's place is no stranger: a pair is
 * unique, so the member is gone, which a refresh tells.
 */
export function strangersOf(
  { connections }: Listing,
  { sourceOrgId, members }: Pick<RecordedSet, "sourceOrgId" | "members">,
): { connections: Record<string, string[]>; ids: Record<string, string> } {
  const rows = connections.flatMap(({ id, source, sink, connectionTypes }) =>
    source?.id === sourceOrgId && sink && !(sink.id in members)
      ? [{ id, sink: sink.id, connectionTypes }]
      : [],
  );
  return {
    connections: Object.fromEntries(rows.map(({ sink, connectionTypes }) => [sink, connectionTypes])),
    ids: Object.fromEntries(rows.map(({ sink, id }) => [sink, id])),
  };
}
