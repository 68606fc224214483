import type { Change } from "./change.js";
import type { ResourceTimeline } from "./resource-timeline.js";

/**
 * Finds the import because of which Terraform knows only the ID of a connection: `plan` for an import in this plan, `state` for an earlier
 * one. Undefined if Terraform knows more or nothing, and for other tools. An import with the official provider sets only the ID, and a
 * later read leaves the state unchanged (provider 4.19.0, resource_datadog_org_connection.go). The configuration requires the destination
 * and the types, so only an import leaves them out.
 */
export function findImportById({
  resource,
  refreshedState,
  isImport,
}: ResourceTimeline): Change["importedById"] {
  if (resource.tool !== "terraform" || !refreshedState) return undefined;
  const { sinkOrgId, connectionTypes } = refreshedState.inputs;
  // A sensitive value is unknown, not unspecified.
  if (sinkOrgId !== undefined || connectionTypes.openTypes !== "unspecified") return undefined;
  return isImport ? "plan" : "state";
}
