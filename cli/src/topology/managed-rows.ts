import { stackOf, type ManagedConnection } from "../stack/managed.js";
import type { ConnectionRow, End } from "./rows.js";

/** What the states of stacks say, as rows of a picture. A state that does not know whose keys these are names them instead. */
export function managedRows(connections: readonly ManagedConnection[]): ConnectionRow[] {
  return connections.map((one) => {
    const { id, source, sourceOrgName = source, createdAt, createdBy, isSourceUntold } = one;
    const sourceOrgId =
      one.sourceOrgId ?? (isSourceUntold ? `source of ${id}` : `source ${source ?? "default"}`);
    return {
      id,
      source: { id: sourceOrgId, ...(sourceOrgName !== undefined && { name: sourceOrgName }) },
      sink: sinkOf(one),
      // None would say that Datadog chooses.
      types: one.connectionTypes ?? ["not read"],
      ...(createdAt !== undefined && { createdAt }),
      ...(createdBy !== undefined && { createdBy }),
      managedBy: [stackOf(one.urn)],
    };
  });
}

function sinkOf({ id, sinkOrgId, sinkOrgName }: ManagedConnection): End {
  // One that the state does not tell stands apart from all others.
  if (sinkOrgId === undefined) return { id: `sink of ${id}`, name: sinkOrgName ?? "not told" };
  return { id: sinkOrgId, ...(sinkOrgName !== undefined && { name: sinkOrgName }) };
}
