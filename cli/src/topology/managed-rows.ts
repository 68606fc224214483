import type { ManagedConnection } from "../stack/managed.js";
import type { ConnectionRow, TopologyEnd } from "./build-topology.js";

/**
 * Converts managed connections to rows of a topology. A source without a known id is identified by its name in its stack. If it is
 * unknown which credentials are used, the source is identified by the id of the connection, so that it is not merged with another
 * source.
 */
export function toManagedRows(connections: readonly ManagedConnection[]): ConnectionRow[] {
  return connections.map((connection) => {
    const { id, source, sourceOrgName = source, connectionTypes, createdAt, createdBy } = connection;
    return {
      id,
      source: { ...getSourceId(connection), ...(sourceOrgName !== undefined && { name: sourceOrgName }) },
      sink: getSinkEnd(connection),
      ...(connectionTypes && { types: connectionTypes }),
      ...(createdAt !== undefined && { createdAt }),
      ...(createdBy !== undefined && { createdBy }),
      managedBy: [connection.location],
    };
  });
}

function getSourceId({ id, source, sourceOrgId, isSourceUnknown, location }: ManagedConnection): TopologyEnd {
  if (sourceOrgId !== undefined) return { id: sourceOrgId };
  return {
    id: isSourceUnknown ? `source of ${id}` : `source ${source ?? "default"} of ${location}`,
    isUnknown: true,
  };
}

function getSinkEnd({ id, sinkOrgId, sinkOrgName }: ManagedConnection): TopologyEnd {
  // An unknown organization gets its own ID, so that it is not merged with another one.
  if (sinkOrgId === undefined)
    return { id: `sink of ${id}`, name: sinkOrgName ?? "unknown", isUnknown: true };
  return { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) };
}
