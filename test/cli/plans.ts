// Plans and states in the format of Terraform and OpenTofu. `test/cli/fixtures/opentofu` contains complete ones.

/** The values of a connection from `source` to `sink`, by default of an organization with two. */
export const createValues = (
  id: string,
  types: readonly string[] = ["logs"],
  { source = "source", sink = "hub" }: { source?: string; sink?: string } = {},
) => ({
  id,
  connection_types: types,
  sink_org_id: getOrgId(sink),
  sink_org_name: sink,
  source_org_id: getOrgId(source),
  source_org_name: source,
  created_at: "2026-01-02T03:04:05Z",
  created_by: "u1",
});

const ORGANIZATIONS = ["source", "hub", "other", "security"];
export const getOrgId = (name: string): string =>
  `aaaaaaaa-000${ORGANIZATIONS.indexOf(name) + 1}-4000-8000-000000000000`;

/** The values of a connection that is to be created. */
export const createPlannedValues = (types: readonly string[] = ["logs"], sink = "hub") => ({
  connection_types: types,
  sink_org_id: getOrgId(sink),
});
/** The marks of the values that only the apply shows. */
export const COMPUTED = {
  id: true,
  created_at: true,
  created_by: true,
  sink_org_name: true,
  source_org_id: true,
  source_org_name: true,
};

/** A change of one resource. */
export function createPlanned(
  actions: readonly string[],
  {
    before,
    after,
    change,
    ...more
  }: { before?: unknown; after?: unknown; change?: object; [field: string]: unknown } = {},
) {
  return {
    address: "datadog_org_connection.this",
    mode: "managed",
    type: "datadog_org_connection",
    name: "this",
    ...more,
    change: {
      actions,
      before: before ?? null,
      after: after ?? null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...change,
    },
  };
}

/** The output of `show -json` for a plan. */
export const createPlan = (resource_changes: readonly object[], more: object = {}) => ({
  format_version: "1.2",
  terraform_version: "1.14.0",
  planned_values: { root_module: {} },
  resource_changes,
  ...more,
});

/**
 * A configuration in which these resources use these providers.
 *
 * @param expressions - the arguments of each provider
 */
export const createConfiguration = (providers: Record<string, string>, expressions?: object) => ({
  provider_config: Object.fromEntries(Object.values(providers).map((key) => [key, { expressions }])),
  root_module: {
    resources: Object.entries(providers).map(([address, provider_config_key]) => ({
      address,
      provider_config_key,
    })),
  },
});

/**
 * A state in the format of `show -json`.
 *
 * @param deposed_key - the key of the objects, if interrupted replacements left them behind
 */
export const createShownState = (resources: Record<string, unknown>, deposed_key?: string) => ({
  format_version: "1.0",
  values: {
    root_module: {
      resources: Object.entries(resources).map(([address, values]) => ({
        address,
        mode: "managed",
        type: "datadog_org_connection",
        values,
        sensitive_values: {},
        ...(deposed_key !== undefined && { deposed_key }),
      })),
    },
  },
});
