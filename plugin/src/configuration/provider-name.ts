import { isDefaultProviderName } from "datadog-org-connections-core/host/type-tokens.js";

/** What a request says about its provider. Engines before 3.154 send neither in Configure. */
interface NamedRequest {
  getName(): string | undefined;
  getUrn(): string | undefined;
}

/** Returns the name of the provider that a request is about, if it says so. */
export function readProviderName(request: NamedRequest): string | undefined {
  const name = request.getName() ?? "";
  return (name === "" ? request.getUrn()?.split("::").at(3) : name) || undefined;
}

/**
 * Returns the name of a provider that a program declares, or undefined for the default provider, which the engine creates from the
 * stack's configuration. A provider without a known name counts as declared: then its arguments take precedence over the environment,
 * so that no connection is created with the credentials of another organization.
 */
export function getExplicitName(name: string | undefined): string | undefined {
  if (name === undefined) return "(unnamed)";
  return isDefaultProviderName(name) ? undefined : name;
}
