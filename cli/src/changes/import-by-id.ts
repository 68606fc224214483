import type { Change } from "./change.js";
import type { ResourceTimeline } from "./resource-timeline.js";

/**
 * Finds out whether Terraform knows only the ID of a connection, and from where; undefined if it knows more. The official provider
 * imports the ID, and its read returns the state as it is (4.19.0, resource_datadog_org_connection.go). Both the destination and
 * the types are required, so only an import leaves them out.
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
