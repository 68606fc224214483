import type { Change } from "../../changes/change.js";
import type { Organization, Sharing } from "../../changes/sharing.js";
import { called, plain } from "../../changes/phrase.js";
import { isSamePair, keyOf } from "../../changes/sharing.js";
import { without } from "../../changes/sharing.js";
import type { Topology, TopologyChange, TopologyConnection } from "../../topology/topology.js";

/** Who shares with whom after the changes, with what is taken away drawn too. */
export function pictureOf(changes: readonly Change[], stays: readonly Sharing[]): Topology {
  const organizations = new Map<string, string>();
  let strangers = 0;
  const nodeOf = (one: Organization): string => {
    // One of which nothing is known is drawn apart from all others.
    const key = keyOf(one) ?? `unknown ${++strangers}`;
    if (!organizations.has(key)) organizations.set(key, plain(called(one)));
    return key;
  };
  const edge = (
    { source, sink }: Sharing,
    connectionTypes: readonly string[],
    change?: TopologyChange,
  ): TopologyConnection => ({
    sourceOrgId: nodeOf(source),
    sinkOrgId: nodeOf(sink),
    connectionTypes,
    ...(change && { change }),
  });
  const connections = [
    ...changes.flatMap((change) => edgesOf(change).map(([sharing, types, how]) => edge(sharing, types, how))),
    ...stays.map((sharing) => edge(sharing, shownTypes(sharing))),
  ];
  return { organizations: [...organizations].map(([id, name]) => ({ id, name })), connections };
}

/** What is known of the types, and that it is not all. */
const shownTypes = ({ connectionTypes, openTypes }: Sharing): readonly string[] =>
  openTypes === "not-told" ? [...connectionTypes, "not told"] : connectionTypes;

type Edge = [Sharing, readonly string[], TopologyChange?];

function edgesOf(change: Change): Edge[] {
  const { kind, before, after, gained, lost } = change;
  if (kind === "replace" && before && after && !isSamePair(before, after)) {
    return [
      [before, shownTypes(before), "removed"],
      [after, shownTypes(after), "added"],
    ];
  }
  if (after?.openTypes === "not-told") return [[after, shownTypes(after), before ? "changed" : "added"]];
  if (!after) return before ? [[before, shownTypes(before), "removed"]] : [];
  if (before?.openTypes === "not-told" && kind !== "replace")
    return [[after, after.connectionTypes, "changed"]];
  if (kind === "replace") return [[after, after.connectionTypes, "replaced"]];
  if (!before) return [[after, after.connectionTypes, "added"]];
  if (gained.length + lost.length === 0) return [[after, after.connectionTypes]];
  const types = [
    ...without(after.connectionTypes, gained),
    ...gained.map((type) => `+ ${type}`),
    ...lost.map((type) => `- ${type}`),
  ];
  return [[after, types, "changed"]];
}
