import * as v from "valibot";
import { removeInstanceKeys } from "./terraform-address.js";

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
