import type { PulumiResource } from "./pulumi-resource-state.js";
import { isDefaultProvider } from "./pulumi-resources.js";

/** What a state or a preview shows of a provider resource. */
export interface ProviderFacts {
  urn: string;
  /**
   * Whether the engine created the provider from the stack's configuration. A provider of a program may have the same name, but it
   * has a parent: the stack or another resource.
   */
  isOfStack: boolean;
  /** Whether its own setting disables, or may disable, the preview checks. */
  isUnchecked: boolean;
  /**
   * Whether its arguments contain credentials for its default organization. Without them, its environment variables decide, and the
   * option `envVarMappings`, which neither a preview nor a state shows.
   */
  hasCredentials: boolean;
}

/**
 * Reads a provider resource. Returns `undefined` for a provider of a program with the name of a default provider: the engine hides
 * each change of a provider with such a name, so its state proves nothing.
 */
export function readProviderFacts(
  urn: string,
  { parent, fields }: PulumiResource,
): ProviderFacts | undefined {
  const hasDefaultName = isDefaultProvider(urn);
  if (hasDefaultName && parent !== undefined) return undefined;
  const { checks, apiKey, bearerToken, identity } = fields.inputs;
  return {
    urn,
    isOfStack: hasDefaultName,
    // An unknown value may be `offline`.
    isUnchecked: checks !== undefined && checks !== "online",
    hasCredentials: [apiKey, bearerToken, identity].some((value) => value !== undefined),
  };
}
