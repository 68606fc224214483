import type { Connection } from "../api/parse.js";
import type { Session } from "./session.js";
import type { ResourcePairs } from "./other-pairs.js";
import type { ProgramDeclarations } from "./program-declarations.js";

export { formatPairKey } from "./pair-key.js";

/** An organization in the settings. */
export interface ConfiguredOrganization {
  /** Its name; undefined for the default organization. */
  source: string | undefined;
  /** Creates or reuses the session, without a request. Throws if the credentials of the organization cannot be resolved. */
  createSession: () => Session;
}

/**
 * How likely it is that resources have moved to this provider from a provider with other credentials. If so, an unchanged `source` may
 * refer to another organization than in the state. A possible move may also be an upgrade, which needs no credentials.
 */
export type ProviderMove = "none" | "possible" | "probable";

/**
 * What all resources of one engine operation share. In the plugin, these are the resources of one provider instance. The host (the
 * dynamic provider or the plugin) provides the context.
 */
export interface OperationContext {
  /**
   * Returns the session of an organization. Sends no request. Names with the same credentials, address and configured `id` share
   * one session. Throws if the name has no credentials. Also throws if another name in the configuration or the program has the
   * same environment variables: `TEAM_01` and `team-01`.
   *
   * @param options - `isFromState`: whether the name comes from a resource in the state that is read or deleted. Such a name may
   *   have the same variables as another name in the program, unless the name is one of the {@link declaredSources}
   */
  getSession(source: string | undefined, options?: { isFromState: boolean }): Session;
  /** The values of `source` that check has found in the new inputs of this program's resources. */
  readonly declaredSources: Set<string | undefined>;
  /** Returns the configured `id` of an organization that has no credentials in this run, or undefined if no `id` is configured. */
  readConfiguredId(source: string | undefined): string | undefined;
  /**
   * Why a connection must not be deleted in this operation, by the connection's ID: the connection was adopted, or another resource
   * manages it. Without this map, a rename, a swap of two destinations or a forced replacement would delete a declared connection.
   * The map contains only connections of resources that the engine has shown so far. With `--target`, the engine shows only the
   * targeted resources.
   */
  readonly retainedIds: Map<string, string>;
  /** The IDs of the connections that this operation is deleting or has deleted. These connections are never adopted. */
  readonly deletedIds: Set<string>;
  /**
   * Whether an adoption needs a new listing, because another provider may have deleted the existing connection in this operation.
   * Check decides this from resource options. Always true in the plugin, which does not receive these options.
   */
  needsNewListingToAdopt: boolean;
  /**
   * The pairs of this program's resources, as {@link formatPairKey} returns them, from the old inputs and from the new inputs that
   * have passed check. A refresh also runs diff for resources that are no longer in the program. So diff adds a connection to
   * {@link retainedIds} only if `declaredPairs` contains the connection's pair.
   */
  readonly declaredPairs: Set<string>;
  /**
   * The {@link declaredPairs} whose existing connection may belong to a resource of this program. The preview checks do not report
   * such a connection. So check adds a new pair only after its preview checks. In two cases, check adds a pair only to
   * {@link declaredPairs}, because an existing connection must still be reported:
   *
   * - A resource has an unchanged destination and a new `source`. If the new `source` is another organization, diff replaces the
   *   resource, and the check of the replacement reports the connection.
   * - An existing set has a new destination. Diff, which runs after check, reports the connection.
   *
   * If a resource moves to a provider of another organization, diff removes the pair from `ownPairs`, and check runs again for the
   * replacement.
   */
  readonly ownPairs: Set<string>;
  /**
   * The resource that manages or declares a connection, by the connection's ID in lower case. It is formatted for messages:
   * `a resource of organization "payments"`. An exclusive set does not treat these connections as undeclared. The map contains:
   *
   * - Connections that this operation has created, adopted or read. A read for a new `get` does not count.
   * - Connections that, according to diff, are declared and are not replaced.
   */
  readonly claimants: Map<string, string>;
  /**
   * The pairs that the program's other resources declare, by the `source` of an exclusive set. They come from the last check of the
   * set.
   */
  readonly otherPairs: Map<string | undefined, readonly ResourcePairs[]>;
  /** The resources that the program has declared in this operation. Empty if the host's check does not receive URNs. */
  readonly declarations: ProgramDeclarations;
  /**
   * Whether check receives the resource options that it needs, such as `deleteBeforeReplace`. The engine does not pass them to
   * check. The constructor of a dynamic resource adds them to the inputs, and check removes them. In the plugin, nothing adds them.
   */
  readonly receivesResourceOptions: boolean;
  /** The existing connections that will be adopted, according to the preview checks. The keys come from {@link formatPairKey}. */
  readonly adoptions: Map<string, Connection>;
  /**
   * Lists the configured organizations. If only environment variables such as `DD_API_KEY__TEAM_01` configure an organization, its
   * name is guessed: `team-01`. The program may use the name `TEAM_01`, and {@link getSession} refuses a second spelling. So the
   * sessions of the list are separate from the sessions of {@link getSession}.
   *
   * @throws `invalid-configuration`
   */
  listConfiguredOrganizations(): readonly ConfiguredOrganization[];
  /** How likely it is that resources have moved to this provider. */
  providerMove: ProviderMove;
  /**
   * Whether the engine has already requested a create, an update or a delete that is not part of a preview. Check and diff have no
   * other way to detect that this operation is not a preview.
   */
  hasStartedChanges: boolean;
  /**
   * Whether this run adopts the existing connection of every declared pair, even without `adopt`. The variable
   * `DATADOG_ORG_CONNECTIONS_ADOPT=true` requests this.
   */
  isAdoptingAll(): boolean;
  /** Shows a warning to the user. */
  warn(message: string): void;
  /** Returns the setting `datadog-org-connections:checks`. With `offline`, check needs no credentials and sends no request. */
  getCheckMode(): "online" | "offline";
}
