import { UNKNOWN } from "datadog-org-connections-core/connection/types.js";
import * as v from "valibot";
import { resourceFieldsSchema, SECRET, type ResourceState } from "./resource-state.js";
import type { ResourceKind, ResourceRef } from "./resources.js";

/** Formats the key of an instance as Terraform does in an address: `[0]`, `["hub"]`, or nothing if there is no key. */
export function formatKey(key: string | number | undefined): string {
  if (key === undefined) return "";
  if (typeof key === "number") return `[${key}]`;
  // In a quoted string of Terraform, `${` and `%{` begin a template.
  return `[${JSON.stringify(key).replace(/([$%])\{/g, "$1$1{")}]`;
}

/** Removes the keys of `count` and `for_each` from an address. An address in the configuration does not have any. */
export const removeInstanceKeys = (address: string): string =>
  address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");

/** The resource type of a connection in the Datadog provider of Terraform and OpenTofu. */
export const TERRAFORM_TYPE = "datadog_org_connection";

const KIND: ResourceKind = { tool: "terraform", form: "single" };

/**
 * The schema of the values of a resource. It accepts anything. Without valid values, the resource has no ID and is reported as
 * unreadable.
 */
export const terraformValuesSchema = v.fallback(v.record(v.string(), v.unknown()), {});
type TerraformValues = v.InferOutput<typeof terraformValuesSchema>;

/** Which values of a resource are sensitive, and which are not yet known. */
interface ValueMarks {
  sensitive: Marks;
  /** Not known before the apply. Left out for a state and for the values before a change. */
  unknown?: Marks;
}

/** Creates a reference to a resource in a file. */
export const createTerraformRef = (location: string, address: string, lineage?: string): ResourceRef => ({
  ...KIND,
  location,
  address,
  name: address,
  ...(lineage !== undefined && { lineage }),
});

/**
 * Converts the values of a resource. The input contains sensitive values in plain text, so placeholders replace them. Placeholders
 * also replace values that are not yet known.
 *
 * @param more - other fields of the result
 */
export function toTerraformState(
  values: TerraformValues,
  { sensitive, unknown }: ValueMarks,
  more: { provider?: string | undefined; delete?: boolean } = {},
): ResourceState {
  const read = (field: string): unknown => {
    if (unknown && isMarked(unknown, field)) return UNKNOWN;
    return isMarked(sensitive, field) ? SECRET : values[field];
  };
  const declared = { sinkOrgId: read("sink_org_id"), connectionTypes: read("connection_types") };
  const fields = v.parse(resourceFieldsSchema, {
    ...more,
    id: read("id"),
    inputs: declared,
    outputs: {
      ...declared,
      sinkOrgName: read("sink_org_name"),
      sourceOrgId: read("source_org_id"),
      sourceOrgName: read("source_org_name"),
      createdAt: read("created_at"),
      createdBy: read("created_by"),
    },
  });
  return { ...fields, ...KIND };
}

/**
 * The fields with a mark, such as sensitive or unknown. `all` if every field is marked. A mark on any part of a field marks the
 * field.
 */
export type Marks = "all" | ReadonlySet<string>;

/** The schema of marks in Terraform's JSON. Marks have the structure of the values, with booleans as leaves. */
export const marksSchema = v.pipe(v.unknown(), v.transform(readMarks));

/** Whether a field is marked. */
const isMarked = (marks: Marks, field: string): boolean => marks === "all" || marks.has(field);

function readMarks(marks: unknown): Marks {
  if (typeof marks !== "object" || marks === null || Array.isArray(marks))
    return hasMark(marks) ? "all" : new Set();
  return new Set(Object.entries(marks).flatMap(([field, own]) => (hasMark(own) ? [field] : [])));
}

/** Whether any leaf is true. A mark that cannot be read counts as true, so that no sensitive value is shown. */
function hasMark(marks: unknown): boolean {
  if (marks === undefined || marks === null || typeof marks === "boolean") return marks === true;
  return typeof marks === "object" ? Object.values(marks).some(hasMark) : true;
}

interface ModuleConfiguration {
  resources?: { address: string; provider_config_key?: string | undefined }[] | undefined;
  module_calls?: Record<string, { module?: ModuleConfiguration | undefined }> | undefined;
}
const moduleSchema: v.GenericSchema<unknown, ModuleConfiguration> = v.object({
  resources: v.optional(
    v.array(v.object({ address: v.string(), provider_config_key: v.optional(v.string()) })),
  ),
  module_calls: v.optional(
    v.record(v.string(), v.object({ module: v.optional(v.lazy(() => moduleSchema)) })),
  ),
});

const providersSchema = v.record(v.string(), v.object({ expressions: v.optional(v.unknown(), {}) }));

/** The schema of the configuration in a plan. If the configuration cannot be read, no provider is known. */
export const configurationSchema = v.fallback(
  v.optional(v.object({ provider_config: v.optional(providersSchema, {}), root_module: moduleSchema })),
  undefined,
);

/**
 * Creates a function that receives the address of a resource and returns the key of its provider configuration, such as
 * `datadog.team1`. The function returns `undefined` in two cases:
 * - The plan does not show the key.
 * - The provider configuration may have several organizations.
 */
export function createProviderFinder(
  configuration: v.InferOutput<typeof configurationSchema>,
): (address: string) => string | undefined {
  const providers = new Map<string, string>();
  const singleOrganizationKeys = new Set(
    listSingleOrganizationProviders(configuration?.provider_config ?? {}),
  );
  const addModule = (prefix: string, { resources = [], module_calls: calls = {} }: ModuleConfiguration) => {
    for (const { address, provider_config_key: key } of resources)
      if (key !== undefined && singleOrganizationKeys.has(key)) providers.set(`${prefix}${address}`, key);
    for (const [name, { module }] of Object.entries(calls))
      if (module) addModule(`${prefix}module.${name}.`, module);
  };
  if (configuration) addModule("", configuration.root_module);
  return (address) => providers.get(removeInstanceKeys(address));
}

/**
 * Lists the keys of the provider configurations with one organization. In OpenTofu, each instance of a configuration with
 * `for_each` can have its own organization. A plan does not show the `for_each`, and does not show which instance a resource uses.
 * It shows only that an argument refers to `each.key` or `each.value`. Configurations with such a reference are left out
 * (opentofu/opentofu, internal/command/jsonconfig/config.go).
 */
const listSingleOrganizationProviders = (providers: v.InferOutput<typeof providersSchema>): string[] =>
  Object.entries(providers).flatMap(([key, { expressions }]) =>
    JSON.stringify(expressions).includes('"each.') ? [] : [key],
  );
