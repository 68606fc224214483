import type { Change } from "./facts.js";
import type { ResourceTimeline } from "./resource-timeline.js";

/**
 * Finds the import that gave Terraform only the ID of a connection. The official provider imports only the ID, and a later read
 * leaves the state unchanged (provider 4.19.0, resource_datadog_org_connection.go). Without an import, the state has the
 * destination and the types, because the configuration requires them.
 *
 * @returns `plan` for an import in this plan, `state` for an earlier import, otherwise undefined
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
