import type { ManagedConnection } from "../stack/managed.js";
import type { ConnectionRow, TopologyEnd } from "./build-topology.js";

/**
 * Converts managed connections to rows of a topology. If the UUID of a source is unknown, the stack and the name of the credentials
 * identify the source. If `isSourceUnknown` is also set, the source gets a unique ID, so that different sources are not merged.
 */
export function toManagedRows(connections: readonly ManagedConnection[]): ConnectionRow[] {
  return connections.map((connection) => {
    const { id, connectionTypes, createdAt, createdBy } = connection;
    return {
      id,
      source: getSourceEnd(connection),
      sink: getSinkEnd(connection),
      ...(connectionTypes && { types: connectionTypes }),
      ...(createdAt !== undefined && { createdAt }),
      ...(createdBy !== undefined && { createdBy }),
      managedBy: [connection.location],
    };
  });
}

function getSourceEnd({
  id,
  source,
  sourceOrgId,
  sourceOrgName = source,
  isSourceUnknown,
  location,
}: ManagedConnection): TopologyEnd {
  const name = sourceOrgName !== undefined && { name: sourceOrgName };
  if (sourceOrgId !== undefined) return { id: sourceOrgId, ...name };
  return {
    ...name,
    id: isSourceUnknown ? `source of ${id}` : `source ${source ?? "default"} of ${location}`,
    isUnknown: true,
  };
}

function getSinkEnd({ id, sinkOrgId, sinkOrgName }: ManagedConnection): TopologyEnd {
  // An organization without a known UUID gets a unique ID, so that different organizations are not merged.
  if (sinkOrgId === undefined)
    return { id: `sink of ${id}`, name: sinkOrgName ?? "unknown", isUnknown: true };
  return { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) };
}
