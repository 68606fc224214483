/** Resources of the plugin and its providers, in the steps of a preview and in a state. */
import { createSingle } from "./steps.js";

export const PLUGIN_TYPE = "datadog-org-connections:index:OrgConnection";
/** Formats the reference to a provider with this name, as resources have it. */
export const formatProvider = (name: string, id = "7a1c") =>
  `urn:pulumi:dev::acme::pulumi:providers:datadog-org-connections::${name}::${id}`;

/** What differs from a connection of the default provider. */
export interface PluginOptions {
  /** The name of the provider. */
  provider?: string;
  inputs?: object;
  outputs?: object;
  name?: string;
}

/** Creates a connection in a state. Its source is known, and by default it has no name. */
export function createOfPlugin(
  sink: string,
  { provider = "default", inputs, outputs, name = sink }: PluginOptions = {},
) {
  const single = createSingle(name, sink, "logs");
  return {
    ...single,
    urn: `urn:pulumi:dev::acme::${PLUGIN_TYPE}::${name}`,
    type: PLUGIN_TYPE,
    provider: formatProvider(provider),
    inputs: { ...single.inputs, source: undefined, ...inputs },
    outputs: { ...(single["outputs"] as object), source: undefined, ...inputs, ...outputs },
  };
}
export type PluginResource = ReturnType<typeof createOfPlugin>;

/** Creates a provider in a state: by default, one that the engine created from the stack's configuration. */
export const createProvider = (name = "default", more: object = {}) => ({
  urn: formatProvider(name).replace(/::[^:]*$/, ""),
  type: "pulumi:providers:datadog-org-connections",
  id: "7a1c",
  inputs: {},
  ...more,
});
/** The new side of a create: the plugin knows no source. */
export const createNew = (sink: string, options: PluginOptions = {}): PluginResource =>
  createOfPlugin(sink, { ...options, outputs: { sourceOrgId: undefined, ...options.outputs } });
