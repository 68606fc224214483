import type { ConnectionTypes } from "../stack/resource-state.js";

/** One end of a connection, as far as it is known. */
export interface OrganizationRef {
  /** UUID. Left out if it is unknown. */
  id?: string | undefined;
  /** Its name in Datadog. */
  name?: string | undefined;
  /**
   * Its configured name: the `source` of the resource. With `isAliasById`, this is a name of this UUID in the configuration or the
   * state of the stack.
   */
  alias?: string | undefined;
  /**
   * True if `alias` was found by the UUID. Such an alias does not show which credentials are used, so a policy cannot rely on this
   * alias.
   */
  isAliasById?: true;
  /** Other names of this UUID in the configuration or the state of the stack. They do not show which credentials are used. */
  otherAliases?: readonly string[];
  /**
   * True if `id` is only probable: another resource with the same key of a provider's configuration has it. A plan of Terraform does
   * not show whether the credentials of this provider change, so a policy cannot rely on this ID.
   */
  isGuess?: true | undefined;
  /** Only for a source: the resource uses the default credentials of the stack. */
  isDefault?: true;
  /**
   * The provider whose credentials are used. Set only for the source of a resource of another tool or of the plugin:
   * - In Pulumi, the URN of the provider, or `DEFAULT_PLUGIN_PROVIDER` for every default provider of the plugin. A resource of the
   *   plugin with a default provider and a `source` has `alias` instead.
   * - In Terraform, the `provider` of `ResourceState`.
   */
  provider?: string | undefined;
  /** The name of the source in the configuration of `provider`. Left out for the default organization of this provider. */
  providerAlias?: string | undefined;
  /**
   * The stack or file that names the organization. In another stack or file, the same alias or provider may mean another
   * organization.
   */
  location?: string | undefined;
}

/** The two ends of a connection. */
export interface Pair {
  source: OrganizationRef;
  sink: OrganizationRef;
}

/** What one organization shares with another, before or after a change. */
export interface SharedData extends Pair, ConnectionTypes {}

/**
 * Returns a key that identifies an organization, or `undefined` if nothing identifies it. A name in Datadog does not identify an
 * organization.
 */
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

/** Whether two pairs may be the same. They must have the same destination, and the same source or a source with an unknown UUID. */
export const canBeSamePair = (a: Pair | undefined, b: Pair | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  isSameOrganization(a.sink, b.sink) &&
  (a.source.id === undefined || b.source.id === undefined || isSameOrganization(a.source, b.source));

/**
 * Whether the old and the new source of a replacement may be the same organization. For this, the UUID of the new source must be
 * unknown, and at least one of these conditions must be true:
 * - The old or the new source has a `provider`, for example because the resource moves between tools or providers.
 * - Nothing identifies the new source.
 *
 * @param before - a pair whose source is not known to be the source of `after`
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
  // If the UUID of only one organization is known, the keys differ, and the aliases decide.
  return a.alias !== undefined && a.alias === b.alias && a.location === b.location;
}

/** Types that a preview or a state does not show. */
export const UNKNOWN_TYPES = { connectionTypes: [], openTypes: "unknown" } as const satisfies ConnectionTypes;

/** Returns the entries of `list` that are not in `other`. */
export const subtract = (list: readonly string[], other: readonly string[]): string[] =>
  list.filter((entry) => !other.includes(entry));

/**
 * Compares the types of one pair before and after a change. If the types after the change are unspecified, no types count as added
 * or removed. If the types after the change are unknown, no types count as removed.
 */
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
