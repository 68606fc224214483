import { stackOf, type ManagedConnection } from "../stack/managed.js";
import type { ConnectionRow } from "./rows.js";

/** What the states of stacks say, as rows of a picture. A state that does not know whose keys these are names them instead. */
export function managedRows(connections: readonly ManagedConnection[]): ConnectionRow[] {
  return connections.map((one) => {
    const { id, source, sourceOrgName = source, sinkOrgId, sinkOrgName, createdAt, createdBy } = one;
    const sourceOrgId = one.sourceOrgId ?? `source ${source ?? "default"}`;
    return {
      id,
      source: { id: sourceOrgId, ...(sourceOrgName !== undefined && { name: sourceOrgName }) },
      sink: { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) },
      types: one.connectionTypes,
      ...(createdAt !== undefined && { createdAt }),
      ...(createdBy !== undefined && { createdBy }),
      managedBy: [stackOf(one.urn)],
    };
  });
}
