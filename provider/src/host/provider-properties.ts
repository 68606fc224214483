import { omitUndefinedDeep } from "datadog-org-connections-core/api/omit-undefined.js";
import { parseProperties } from "datadog-org-connections-core/host/parse-state.js";

/** Whether properties from the engine have a provider line. A state of another provider has none. */
export const hasProviderLine = (properties: unknown): boolean =>
  parseProperties(properties)["__provider"] !== undefined;

/** Parses properties from the engine, without the provider line. */
export function parseFields(properties: unknown): Record<string, unknown> {
  const fields = parseProperties(properties);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "__provider"));
}

/**
 * Returns properties for the engine that keep the given line. The process copies the line of its request to every
 * response (`resultIncludingProvider`, sdk/nodejs/cmd/dynamic-provider). The accessor ignores that assignment. If a later
 * version of the SDK builds the response in another way, the response has the line of the request, which works too.
 */
export function addProviderLine<T extends object>(properties: T, line: string): T {
  return Object.defineProperty(omitUndefinedDeep(properties), "__provider", {
    enumerable: true,
    get: () => line,
    set: () => undefined,
  });
}
