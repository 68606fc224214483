/** The state file of Terraform and OpenTofu, as the official provider writes it (recorded: OpenTofu 1.12, provider 4.19). */
import type { Sandbox } from "../../sandbox/src/index.js";

/** The connections of one source, as resources with a key each. */
export interface TerraformResource {
  module?: string;
  name: string;
  source: string;
  /** The key of `for_each`, or the index of `count`, of the connection at this position. */
  getKey?: (at: number) => string | number;
}

/** Formats a state that manages all live connections of the sources of these resources. */
export function formatTerraformState(sandbox: Sandbox, resources: readonly TerraformResource[]): string {
  const getName = (id: string) => sandbox.organizations.find((one) => one.id === id)?.name;
  return JSON.stringify({
    version: 4,
    terraform_version: "1.12.6",
    serial: 1,
    lineage: "66048f8e-c893-4e0f-7126-4b371bb578b2",
    outputs: {},
    resources: resources.map(({ module, name, source, getKey }) => ({
      ...(module !== undefined && { module }),
      mode: "managed",
      type: "datadog_org_connection",
      name,
      provider: `provider["registry.example/datadog/datadog"].${source}`,
      instances: sandbox
        .listConnections()
        .filter(({ sourceOrgId }) => sourceOrgId === sandbox.getOrganization(source).id)
        .map(({ id, sourceOrgId, sinkOrgId, connectionTypes, createdAt }, at) => ({
          ...(getKey && { index_key: getKey(at) }),
          schema_version: 0,
          attributes: {
            connection_types: connectionTypes,
            created_at: `${createdAt.slice(0, 19)}Z`,
            created_by: sandbox.getOrganization(source).user.id,
            id,
            sink_org_id: sinkOrgId,
            sink_org_name: getName(sinkOrgId),
            source_org_id: sourceOrgId,
            source_org_name: getName(sourceOrgId),
          },
          sensitive_attributes: [],
        })),
    })),
    check_results: null,
  });
}
