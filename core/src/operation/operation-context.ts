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
 * What all resources of one engine operation share (in the plugin: those of one provider instance). The host (the dynamic provider or the
 * plugin) provides it.
 */
export interface OperationContext {
  /**
   * Returns the session of an organization. Names with the same credentials, address and configured `id` share one session.
   * Throws if the name has no credentials, or if it has the same environment variables as another name in the configuration or the program
   * (`TEAM_01` and `team-01`). Sends no request.
   *
   * @param options - `isFromState`: whether the name comes from a resource in the state that is read or deleted. If so, and if the
   *   name is not one of the {@link declaredSources}, it may have the same variables as another name in the program
   */
  getSession(source: string | undefined, options?: { isFromState: boolean }): Session;
  /** The values of `source` that check has found in the new inputs of this program's resources. */
  readonly declaredSources: Set<string | undefined>;
  /** Returns the configured `id` of an organization that has no credentials in this run, or undefined if no `id` is configured. */
  readConfiguredId(source: string | undefined): string | undefined;
  /**
   * The reason why a connection must not be deleted in this operation, by the connection's ID: the connection was adopted, or another
   * resource manages it. Without this map, a rename, a swap of two destinations or a forced replacement would delete a declared
   * connection. It contains only connections of resources that the engine has shown so far. With `--target`, the engine never shows
   * resources that are not targeted.
   */
  readonly retainedIds: Map<string, string>;
  /** The IDs of the connections that this operation is deleting or has deleted. These connections are never adopted. */
  readonly deletedIds: Set<string>;
  /**
   * Whether an adoption needs a new listing, because another provider may have deleted the existing connection in this operation. Check
   * decides this from resource options. Always true in the plugin, which does not receive these options.
   */
  needsNewListingToAdopt: boolean;
  /**
   * The pairs of this program's resources, as {@link formatPairKey} returns them: those in the old inputs, and those in the new inputs that
   * have passed check. Diff adds a connection to {@link retainedIds} only if this set contains its pair, because a refresh also runs diff
   * for resources that are no longer in the program.
   */
  readonly declaredPairs: Set<string>;
  /**
   * The {@link declaredPairs} whose existing connection may belong to a resource of this program, so that the preview checks do not
   * report it. Check adds every pair that it adds to {@link declaredPairs}, except in two cases in which an existing connection may have to
   * be reported:
   *
   * - A resource has an unchanged destination and a new `source`. If the new `source` is another organization, diff replaces the resource.
   *   Then check runs again, reports an existing connection, and adds the pair.
   * - An existing set has a new destination. Diff reports an existing connection to this destination.
   *
   * If a resource moves to a provider of another organization, diff removes the pair, and check runs again in the same way.
   */
  readonly ownPairs: Set<string>;
  /**
   * The resource that manages or declares a connection, as messages describe it (`a resource of organization "payments"`), by the
   * connection's ID in lower case. Contains the connections that this operation has created, adopted or read (except when the program
   * calls `get`), and those that, according to diff, are declared and are not replaced. An exclusive set does not treat these connections as
   * undeclared.
   */
  readonly claimants: Map<string, string>;
  /**
   * For each exclusive set, by its `source`: the pairs that the program's other resources declare. The program passed them to the last
   * check of the set.
   */
  readonly otherPairs: Map<string | undefined, readonly ResourcePairs[]>;
  /** The resources that the program has declared in this operation. Empty if the host's check does not receive their URNs. */
  readonly declarations: ProgramDeclarations;
  /**
   * Whether check receives the resource options that it needs, such as `deleteBeforeReplace`. The engine does not pass them to check. The
   * constructor of a dynamic resource adds them to the inputs, and check removes them. In the plugin, nothing adds them.
   */
  readonly receivesResourceOptions: boolean;
  /** For each pair, by {@link formatPairKey}: the existing connection that, according to the preview checks, will be adopted. */
  readonly adoptions: Map<string, Connection>;
  /**
   * Lists the configured organizations. Their sessions are separate from those of {@link getSession}, because the name of an organization
   * that is configured only by environment variables (`DD_API_KEY__TEAM_01`) is guessed: `team-01`. The program may spell the name
   * `TEAM_01`, and {@link getSession} refuses a second spelling.
   *
   * @throws `invalid-configuration`
   */
  listConfiguredOrganizations(): readonly ConfiguredOrganization[];
  /**
   * Whether resources may have moved to this provider from a provider with other credentials. If so, an unchanged `source` may refer to
   * another organization than in the state.
   */
  mayHaveMoved: boolean;
  /**
   * Whether the engine has already requested a create, an update or a delete that is not part of a preview. Check and diff have no other
   * way to detect that this operation is not a preview.
   */
  hasStartedChanges: boolean;
  /** Whether this run adopts the existing connection of every declared pair, even without `adopt`: `DATADOG_ORG_CONNECTIONS_ADOPT=true`. */
  isAdoptingAll(): boolean;
  /** Shows a warning to the user. */
  warn(message: string): void;
  /** Returns the setting `datadog-org-connections:checks`. With `offline`, check needs no credentials and sends no request. */
  getCheckMode(): "online" | "offline";
}
