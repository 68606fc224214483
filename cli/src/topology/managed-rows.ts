import type { ManagedConnection } from "../stack/managed.js";
import type { ConnectionRow, TopologyEnd } from "./build-topology.js";

/**
 * Converts managed connections to rows of a topology. A source without a known id is identified by its name in its stack. If it is
 * unknown which credentials are used, the source is identified by the id of the connection, so that it is not merged with another
 * source.
 */
export function toManagedRows(connections: readonly ManagedConnection[]): ConnectionRow[] {
  return connections.map((connection) => {
    const { id, source, sourceOrgName = source, createdAt, createdBy, isSourceUnknown } = connection;
    const sourceOrgId =
      connection.sourceOrgId ??
      (isSourceUnknown ? `source of ${id}` : `source ${source ?? "default"} of ${connection.location}`);
    return {
      id,
      source: { id: sourceOrgId, ...(sourceOrgName !== undefined && { name: sourceOrgName }) },
      sink: getSinkEnd(connection),
      // An empty list would mean that Datadog chooses the types.
      types: connection.connectionTypes ?? ["unknown types"],
      ...(createdAt !== undefined && { createdAt }),
      ...(createdBy !== undefined && { createdBy }),
      managedBy: [connection.location],
    };
  });
}

function getSinkEnd({ id, sinkOrgId, sinkOrgName }: ManagedConnection): TopologyEnd {
  // An unknown organization gets its own ID, so that it is not merged with another one.
  if (sinkOrgId === undefined) return { id: `sink of ${id}`, name: sinkOrgName ?? "unknown" };
  return { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) };
}
