import type { Change } from "../../changes/facts.js";
import {
  type OrganizationRef,
  type SharedData,
  isSamePair,
  getOrganizationKey,
  subtract,
} from "../../changes/shared-data.js";
import { formatOrganization, toPlainText } from "../../changes/rich-text.js";
import type { Topology, TopologyChange, TopologyConnection } from "../../topology/topology.js";

/** Creates the topology after the changes. Connections that will be deleted are drawn too. */
export function createReviewTopology(changes: readonly Change[], unchanged: readonly SharedData[]): Topology {
  const organizations = new Map<string, string>();
  let unknownCount = 0;
  const addOrganization = (organization: OrganizationRef): string => {
    // An organization that nothing identifies is drawn separately from all others.
    const key = getOrganizationKey(organization) ?? `unknown ${++unknownCount}`;
    if (!organizations.has(key)) organizations.set(key, toPlainText(formatOrganization(organization)));
    return key;
  };
  const toConnection = (
    { source, sink }: SharedData,
    connectionTypes: readonly string[],
    change?: TopologyChange,
  ): TopologyConnection => ({
    sourceOrgId: addOrganization(source),
    sinkOrgId: addOrganization(sink),
    connectionTypes,
    ...(change && { change }),
  });
  const connections = [
    ...changes.flatMap((change) =>
      listEdges(change).map(([data, types, status]) => toConnection(data, types, status)),
    ),
    ...unchanged.map((data) => toConnection(data, listTypes(data))),
  ];
  return { organizations: [...organizations].map(([id, name]) => ({ id, name })), connections };
}

/** Lists the known types, and `unknown types` if there may be others. */
const listTypes = ({ connectionTypes, openTypes }: SharedData): readonly string[] =>
  openTypes === "unknown" ? [...connectionTypes, "unknown types"] : connectionTypes;

type Edge = [SharedData, readonly string[], TopologyChange?];

/** Lists the connections to draw for a change, each with its types and what happens to it. */
function listEdges(change: Change): Edge[] {
  const { kind, before, after, addedTypes, removedTypes, retainedBy } = change;
  // A retained connection is among the unchanged connections, or among the changes of the other resource that manages it.
  const deleted: Edge[] = before && retainedBy === undefined ? [[before, listTypes(before), "deleted"]] : [];
  if (kind === "replace" && after && !isSamePair(before, after))
    return [...deleted, [after, listTypes(after), "created"]];
  if (after?.openTypes === "unknown") {
    if (kind === "release" || kind === "state-only") return [[after, listTypes(after)]];
    return [[after, listTypes(after), kind === "replace" ? "replaced" : before ? "updated" : "created"]];
  }
  // Only unreadable connections (`isUnreadable`) have an update without `after`. It does not necessarily delete them.
  if (!after) return kind === "update" ? [[before, listTypes(before), "updated"]] : deleted;
  if (before?.openTypes === "unknown" && kind !== "replace")
    return [[after, after.connectionTypes, "updated"]];
  if (kind === "replace") return [[after, after.connectionTypes, "replaced"]];
  if (!before) return [[after, after.connectionTypes, "created"]];
  if (addedTypes.length + removedTypes.length === 0) return [[after, after.connectionTypes]];
  const types = [
    ...subtract(after.connectionTypes, addedTypes),
    ...addedTypes.map((type) => `+ ${type}`),
    ...removedTypes.map((type) => `- ${type}`),
  ];
  return [[after, types, "updated"]];
}
