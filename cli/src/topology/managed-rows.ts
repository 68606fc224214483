import type { ManagedConnection } from "../stack/managed.js";
import type { ConnectionRow, TopologyEnd } from "./build-topology.js";

/**
 * Converts managed connections to rows of a topology. A source without a known UUID is identified by its stack and its name there. If
 * it is unknown which credentials are used, the id of the connection identifies the source, so that it is not merged with another
 * source.
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
  // An organization without a known UUID gets a unique ID, so that it is not merged with another one.
  if (sinkOrgId === undefined)
    return { id: `sink of ${id}`, name: sinkOrgName ?? "unknown", isUnknown: true };
  return { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) };
}
