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

/** The schema of the configuration in a plan. If it cannot be read, no provider is known. */
export const configurationSchema = v.fallback(v.optional(v.object({ root_module: moduleSchema })), undefined);

/** Creates a function that finds, by the address of a resource, the configuration of its provider, such as `datadog.team1`. */
export function createProviderFinder(
  configuration: v.InferOutput<typeof configurationSchema>,
): (address: string) => string | undefined {
  const providers = new Map<string, string>();
  const addModule = (prefix: string, { resources = [], module_calls: calls = {} }: ModuleConfiguration) => {
    for (const { address, provider_config_key: key } of resources)
      if (key !== undefined) providers.set(`${prefix}${address}`, key);
    for (const [name, { module }] of Object.entries(calls))
      if (module) addModule(`${prefix}module.${name}.`, module);
  };
  if (configuration) addModule("", configuration.root_module);
  return (address) => providers.get(removeInstanceKeys(address));
}
