import {
  readCheckMode,
  readDefaultOrganization,
  readNamedOrganizations,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import type { ProviderFacts } from "../stack/step.js";
import type { ConnectionTypes, StateResource } from "../stack/resource-state.js";
import type { Creator } from "./change.js";
import {
  DEFAULT_PLUGIN_PROVIDER,
  readResourceConnections,
  readSource,
  type ResourceConnection,
} from "./resource-connections.js";
import type { OrganizationRef, Pair, SharedData } from "./shared-data.js";

/** A connection that a lookup found live, or that the state has. */
export interface KnownConnection extends ConnectionTypes {
  id: string;
  createdAt?: string | undefined;
  createdBy?: Creator | undefined;
}

/** What is known about organizations, users and live connections from the configuration, the state and lookups. */
export class OrganizationDirectory {
  private readonly namesById = new Map<string, string>();
  private readonly aliasesById = new Map<string, Set<string>>();
  private readonly idsBySource = new Map<string, string>();
  /** The value is null if different organizations were added for the same key, so the current one is unknown. */
  private readonly idsByProvider = new Map<string, string | null>();
  private readonly changingProviders = new Set<string>();
  private readonly uncheckedStacks = new Set<string>();
  private readonly providersByUrn = new Map<string, ProviderFacts>();
  private readonly usersById = new Map<string, Creator>();
  private readonly connectionsByPair = new Map<string, KnownConnection>();
  private readonly liveConnectionIds = new Set<string>();
  private readonly listedOrganizationIds = new Set<string>();

  /** Whether `--lookup` is used, even if it failed. */
  readonly hasLookup: boolean;

  constructor({ hasLookup = false }: { hasLookup?: boolean } = {}) {
    this.hasLookup = hasLookup;
  }

  /**
   * Adds an organization's name in Datadog. The first name is used, so add names from a lookup before names from a state, which may
   * be older.
   */
  addName(id: string | undefined, name: string | undefined): void {
    if (id !== undefined && name !== undefined && name.trim() !== "")
      setOnce(this.namesById, id.toLowerCase(), name);
  }

  /**
   * Adds the organization that an alias refers to in a stack. Without an alias, adds the default organization. If several
   * organizations are added for one alias, the first one is used. {@link resolveOrganization} adds the first alias of an
   * organization to an {@link OrganizationRef} without an alias.
   *
   * @param location - the stack: an alias can refer to another organization in another stack
   */
  addSource(alias: string | undefined, id: string | undefined, location: string): void {
    if (id === undefined) return;
    setOnce(this.idsBySource, formatKey(location, alias ?? ""), id.toLowerCase());
    if (alias === undefined) return;
    const key = formatKey(location, id.toLowerCase());
    this.aliasesById.set(key, (this.aliasesById.get(key) ?? new Set()).add(alias));
  }

  /**
   * Adds an organization of a provider. If different organizations are added for one alias, the organization of this alias counts
   * as unknown.
   *
   * @param alias - the organization's name in the configuration of the provider. Left out for the default organization
   */
  addProvider(provider: string, id: string, location: string, alias?: string): void {
    const key = formatProviderKey(location, provider, alias);
    const known = this.idsByProvider.get(key);
    this.idsByProvider.set(key, known === undefined || known === id.toLowerCase() ? id.toLowerCase() : null);
  }

  /** Records that the organizations of a provider are unknown, because its configuration changes. */
  markProviderUnknown(provider: string, location: string): void {
    this.changingProviders.add(formatKey(location, provider));
  }

  /** Adds a provider resource. The last facts about a provider count, so add those of a state before those of a preview. */
  addProviderFacts(facts: ProviderFacts): void {
    this.providersByUrn.set(facts.urn, facts);
  }

  /** Records that the setting of a stack disables, or may disable, its preview checks, which find the connections of new pairs. */
  markUnchecked(location: string): void {
    this.uncheckedStacks.add(location);
  }

  /**
   * Whether it is unknown if a pair has a connection: the preview checks may not have run, and {@link markListed} was called for
   * neither organization of the pair.
   *
   * @param provider - the provider whose own setting decides whether preview checks run. A provider that nothing shows counts as
   *   unchecked. Left out if the stack's setting decides
   */
  isUnchecked(pair: Pair, location: string, provider?: string): boolean {
    const isUnchecked =
      provider === undefined
        ? this.uncheckedStacks.has(location)
        : (this.providersByUrn.get(provider)?.isUnchecked ?? true);
    return isUnchecked && !this.isListed(pair);
  }

  /**
   * Whether the organization of a provider's existing connections is also that of a new one. It is not if environment variables
   * decide, because the option `envVarMappings` may have changed.
   */
  private provesSource({ provider = "", providerAlias }: OrganizationRef): boolean {
    const facts = this.providersByUrn.get(provider);
    return (
      provider === DEFAULT_PLUGIN_PROVIDER ||
      facts?.isOfStack === true ||
      (facts?.hasCredentials === true && providerAlias === undefined)
    );
  }

  /** Adds a user. */
  addUser({ id, name, serviceAccount }: Creator): void {
    if (id !== undefined) setOnce(this.usersById, id, { id, name, serviceAccount });
  }

  /** Adds the id of a live connection, even if its ends are unknown. */
  addConnectionId(id: string): void {
    this.liveConnectionIds.add(id.toLowerCase());
  }

  /** Records that all connections of an organization are listed. The list must be proven to belong to this organization. */
  markListed(organizationId: string): void {
    this.listedOrganizationIds.add(organizationId.toLowerCase());
  }

  /** Whether a connection is live. Returns undefined if no lookup found it, and neither organization of the pair is listed. */
  isLive(id: string, pair: Pair): boolean | undefined {
    if (this.liveConnectionIds.has(id.toLowerCase())) return true;
    return this.isListed(pair) ? false : undefined;
  }

  private isListed({ source, sink }: Pair): boolean {
    return [source, sink].some((end) => end.id !== undefined && this.listedOrganizationIds.has(end.id));
  }

  /** Adds a live connection. */
  addConnection({
    sourceOrgId,
    sinkOrgId,
    ...connection
  }: KnownConnection & { sourceOrgId: string; sinkOrgId: string }): void {
    this.addConnectionId(connection.id);
    this.connectionsByPair.set(formatPairKey(sourceOrgId, sinkOrgId), connection);
  }

  /**
   * Returns an organization with all that is known about it.
   *
   * @param isNew - whether the organization is the source of a new connection
   */
  resolveOrganization(organization: OrganizationRef, isNew = false): OrganizationRef {
    const { location = "", provider } = organization;
    const id = organization.id ?? this.findId(organization, location);
    if (id === undefined || id === null) return organization;
    const isOfProvider = organization.id === undefined && provider !== undefined;
    // The key of a provider's configuration in Terraform is not a URN.
    const isGuess = isOfProvider && provider !== DEFAULT_PLUGIN_PROVIDER && !provider.startsWith("urn:");
    if (isNew && isOfProvider && !isGuess && !this.provesSource(organization)) return organization;
    // The name that was added first takes precedence. The name in `organization` may come from an old state.
    const known = { ...organization, id, name: this.namesById.get(id) ?? organization.name };
    const aliases = [...(this.aliasesById.get(formatKey(location, id)) ?? [])];
    const alias = organization.alias ?? aliases[0];
    const otherAliases = aliases.filter((one) => one !== alias);
    return {
      ...known,
      ...(isGuess && { isGuess }),
      ...(organization.alias === undefined && alias !== undefined && { alias, isAliasById: true as const }),
      ...(otherAliases.length > 0 && { otherAliases }),
    };
  }

  /** Returns null if the organization of a provider is ambiguous, or may change together with the provider. */
  private findId(
    { alias, isDefault, provider, providerAlias }: OrganizationRef,
    location: string,
  ): string | null | undefined {
    if (provider !== undefined)
      return this.changingProviders.has(formatKey(location, provider))
        ? null
        : this.idsByProvider.get(formatProviderKey(location, provider, providerAlias));
    const isSource = alias !== undefined || isDefault === true;
    return isSource ? this.idsBySource.get(formatKey(location, alias ?? "")) : undefined;
  }

  /**
   * Returns shared data with all that is known about its two ends.
   *
   * @param isNew - whether the connection is new
   */
  resolveEnds(shared: SharedData, isNew = false): SharedData {
    return {
      ...shared,
      source: this.resolveOrganization(shared.source, isNew),
      sink: this.resolveOrganization(shared.sink),
    };
  }

  /** Returns a user with all that is known about them. */
  resolveCreator({ id, name }: Creator): Creator | undefined {
    if (id === undefined && name === undefined) return undefined;
    const known = id === undefined ? undefined : this.usersById.get(id);
    return { ...known, id, name: name ?? known?.name };
  }

  /** Finds the live connection of a pair. */
  findConnection({ source, sink }: Pair): KnownConnection | undefined {
    return source.id === undefined || sink.id === undefined
      ? undefined
      : this.connectionsByPair.get(formatPairKey(source.id, sink.id));
  }
}

/** Converts a connection of the state. */
export const toKnownConnection = ({
  id,
  createdAt,
  createdBy,
  shared,
}: ResourceConnection): KnownConnection => ({
  id,
  connectionTypes: shared.connectionTypes,
  openTypes: shared.openTypes,
  createdAt,
  createdBy: createdBy === undefined ? undefined : { id: createdBy },
});

const formatPairKey = (source: string, sink: string): string => `${source} ${sink}`;

const formatProviderKey = (location: string, provider: string, alias: string | undefined): string =>
  JSON.stringify([location, provider, alias]);

const formatKey = (location: string, name: string | undefined): string => JSON.stringify([location, name]);

function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

/**
 * Adds the `id` of each organization in the stack's configuration. Marks the stack as unchecked if preview checks may not have run.
 *
 * An organization with invalid settings is skipped without an error, because the program reports invalid settings. If one named
 * organization has invalid settings, all named organizations are skipped. A secret `id` and secret `organizations` count as
 * invalid, because the preview shows `[secret]`.
 */
export function addConfiguration(
  directory: OrganizationDirectory,
  config: ConfigReader,
  location: string,
): void {
  // If the value cannot be read, for example because it is secret, the checks may not have run.
  if (readOrUndefined(() => readCheckMode(config)) !== "online") directory.markUnchecked(location);
  const ids = readOrUndefined(() => [...readNamedOrganizations(config)]) ?? [];
  for (const [alias, { id }] of ids) directory.addSource(alias, id, location);
  addDefaultOrganization(
    directory,
    readOrUndefined(() => readDefaultOrganization(config).id),
    location,
  );
}

/** Adds the default organization of a stack, for dynamic resources and, with `isOfPlugin`, for the plugin. */
export function addDefaultOrganization(
  directory: OrganizationDirectory,
  id: string | undefined,
  location: string,
  { isOfPlugin = true }: { isOfPlugin?: boolean } = {},
): void {
  directory.addSource(undefined, id, location);
  if (id !== undefined && isOfPlugin) directory.addProvider(DEFAULT_PLUGIN_PROVIDER, id, location);
}

function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Adds the source and the destinations of a resource in a state. */
export function addResource(directory: OrganizationDirectory, resource: StateResource): void {
  const { id, name, alias, isDefault, provider, providerAlias } = readSource(
    resource.state.outputs,
    resource,
  );
  const { location } = resource.resource;
  directory.addName(id, name);
  if (provider === undefined && (alias !== undefined || isDefault === true))
    directory.addSource(alias, id, location);
  if (provider !== undefined && id !== undefined)
    directory.addProvider(provider, id, location, providerAlias);
  for (const { shared } of readResourceConnections(resource).connections)
    directory.addName(shared.sink.id, shared.sink.name);
}
