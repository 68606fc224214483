import { parseProperties } from "datadog-org-connections-core/host/parse-state.js";

/** Whether properties from the engine have a provider line. A state of another provider has none. */
export const hasProviderLine = (properties: unknown): boolean =>
  parseProperties(properties)["__provider"] !== undefined;

/** Parses properties from the engine, without the provider line. */
export function parseFields(properties: unknown): Record<string, unknown> {
  const fields = parseProperties(properties);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "__provider"));
}
