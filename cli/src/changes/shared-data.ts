import type { ConnectionTypes } from "../stack/resource-state.js";

/** One end of a connection, as far as it is known. */
export interface OrganizationRef {
  /** UUID. Left out if the preview does not show it. */
  id?: string | undefined;
  /** Its name in Datadog. */
  name?: string | undefined;
  /** Its name in the program and the stack's configuration. */
  alias?: string | undefined;
  /**
   * The alias does not come from the program: the stack's configuration has this UUID under that name. Such an alias
   * does not show which credentials are used, so a policy cannot rely on it.
   */
  isAliasById?: true;
  /** Other names of this UUID in the stack's configuration or state. They do not show which credentials are used either. */
  otherAliases?: readonly string[];
  /** For a source: it is the organization of the default credentials. */
  isDefault?: true;
  /**
   * Only for a source of another tool or of the plugin: the provider whose credentials are used. In Pulumi, its URN without the id, or
   * `DEFAULT_PLUGIN_PROVIDER` for each default provider of the plugin. In Terraform, see `ResourceState`.
   */
  provider?: string | undefined;
  /** The name of the source in the configuration of `provider`. Left out for its default organization. */
  providerAlias?: string | undefined;
  /** The stack or file that names it. The same alias or provider may be another organization elsewhere. */
  location?: string | undefined;
}

/** The two ends of a connection. */
export interface Pair {
  source: OrganizationRef;
  sink: OrganizationRef;
}

/** What one organization shares with another, before or after a change. */
export interface SharedData extends Pair, ConnectionTypes {}

/** Returns a key that identifies an organization; `undefined` if nothing identifies it. A name in Datadog does not. */
export function getOrganizationKey({
  id,
  alias,
  isDefault,
  provider,
  providerAlias,
  location = "",
}: OrganizationRef): string | undefined {
  if (id !== undefined) return id;
  if (alias !== undefined) return JSON.stringify(["alias", alias, location]);
  if (provider !== undefined) {
    const names = providerAlias === undefined ? [provider] : [provider, providerAlias];
    return JSON.stringify(["provider", ...names, location]);
  }
  return isDefault === true ? JSON.stringify(["default", location]) : undefined;
}

/** Whether two pairs are known to be the same. */
export const isSamePair = (a: Pair | undefined, b: Pair | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  isSameOrganization(a.source, b.source) &&
  isSameOrganization(a.sink, b.sink);

/**
 * Whether two pairs are or may be the same: the destination is the same, and so is the source, unless the UUID of one of the sources
 * is unknown.
 */
export const canBeSamePair = (a: Pair | undefined, b: Pair | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  isSameOrganization(a.sink, b.sink) &&
  (a.source.id === undefined || b.source.id === undefined || isSameOrganization(a.source, b.source));

/**
 * Whether a replacement that has another source may still have the same source organization. The UUID of the new source must be unknown.
 * In addition, a provider decides which organization the old or the new source is, as for a resource that moves between tools or
 * providers, or nothing identifies the new source.
 *
 * @param before - a pair whose source is not known to be that of `after`
 */
export const isSourceChangeUncertain = (before: Pair, after: Pair): boolean =>
  after.source.id === undefined &&
  (before.source.provider !== undefined ||
    after.source.provider !== undefined ||
    getOrganizationKey(after.source) === undefined);

function isSameOrganization(a: OrganizationRef, b: OrganizationRef): boolean {
  const key = getOrganizationKey(a);
  if (key !== undefined && key === getOrganizationKey(b)) return true;
  if (a.id !== undefined && b.id !== undefined) return false;
  // The UUID of one of them may be unknown. Then their keys differ, and the name in the program decides.
  return a.alias !== undefined && a.alias === b.alias && a.location === b.location;
}

/** Types that a preview or a state does not show. */
export const UNKNOWN_TYPES = { connectionTypes: [], openTypes: "unknown" } as const satisfies ConnectionTypes;

/** Returns the entries of one list that the other list lacks. */
export const subtract = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((entry) => !other.includes(entry));

/** Compares the types of one connection before and after a change. Unspecified types stay as they are. */
export function compareTypes(
  before: ConnectionTypes,
  after: ConnectionTypes,
): { addedTypes: string[]; removedTypes: string[] } {
  if (after.openTypes === "unspecified") return { addedTypes: [], removedTypes: [] };
  return {
    addedTypes: subtract(after.connectionTypes, before.connectionTypes),
    removedTypes:
      after.openTypes === "unknown" ? [] : subtract(before.connectionTypes, after.connectionTypes),
  };
}
