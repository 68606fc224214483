import type { Connection } from "../api/parse.js";
import type { Session } from "./session.js";
import type { OtherResourcePairs } from "./other-pairs.js";
import type { ProgramDeclarations } from "./program-declarations.js";

export { formatPairKey } from "./pair-key.js";

/** An organization of the settings. */
export interface ConfiguredOrganization {
  /** Its name; undefined for the default organization. */
  source: string | undefined;
  /** Creates its session, without a request. Throws if its credentials cannot be resolved. */
  createSession: () => Session;
}

/** What all resources of one engine operation share (in the plugin: those of one provider instance). The host provides it. */
export interface OperationContext {
  /**
   * Returns the session of an organization. Names with the same credentials share one session. Throws if the name has no
   * credentials, or if it is a second spelling of another name (`TEAM_01` and `team-01`) and has only environment variables. Makes no
   * request.
   *
   * @param options - `isFromState`: whether the name is that of a resource in the state, which is read or deleted. Then a second spelling
   *   is allowed, unless the name is one of the {@link declaredSources}
   */
  getSession(source: string | undefined, options?: { isFromState: boolean }): Session;
  /** The sources that check has found in the new inputs of this program's resources. */
  readonly declaredSources: Set<string | undefined>;
  /** Returns the configured `id` of an organization that has no credentials in this run, or undefined if no `id` is configured. */
  readConfiguredId(source: string | undefined): string | undefined;
  /**
   * The reason why a connection must not be deleted in this operation, by its ID: it was adopted, or another resource
   * manages it. Otherwise a rename, a swap of two destinations or a forced replacement would delete a declared connection.
   * It covers only the resources that the engine has shown so far; with `--target`, those that are not targeted are never shown.
   */
  readonly retainedIds: Map<string, string>;
  /** IDs that this operation is deleting or has deleted. They are never adopted. */
  readonly deletedIds: Set<string>;
  /**
   * Whether an adoption needs a new listing, because another provider may delete the old connection first, which this process does
   * not see. That is possible if a new or changed resource has the option `deleteBeforeReplace` (an alias may move it from another
   * provider), or depends on a resource of another package (which may give up the pair). In the plugin, which does not get these options,
   * it is always true.
   */
  needsNewListingToAdopt: boolean;
  /**
   * Pairs that check has found in the old or new inputs of this program's resources, by {@link formatPairKey}. Diff adds a
   * connection to {@link retainedIds} only if its pair is declared, because a refresh also runs diff for resources that the program no
   * longer has.
   */
  readonly declaredPairs: Set<string>;
  /**
   * The {@link declaredPairs} whose existing connection may be that of a resource of this program, so that the preview checks do not
   * report it. Check adds a pair, except in two cases where an existing connection must still be reported:
   *
   * - A resource has a new `source`, which may be another organization, and the same destination. If it is another organization, diff
   *   replaces the resource. Then check runs again, reports an existing connection, and adds the pair.
   * - An existing set has a new destination. Then diff reports an existing connection.
   *
   * If a resource moves to a provider of another organization, diff removes the pair, and check runs again in the same way.
   */
  readonly ownPairs: Set<string>;
  /**
   * Describes for messages which resource manages or declares a connection (`a resource of organization "payments"`), by the
   * connection's ID in lower case: for the connections that this operation has read (but not for a `get`), created or adopted, and for
   * those that diff has found to be declared and not replaced.
   * An exclusive set does not treat them as undeclared.
   */
  readonly claimants: Map<string, string>;
  /**
   * The pairs that the program's other resources declare, by the source of the exclusive set that needs them. The set's
   * last check received them from the program.
   */
  readonly otherPairs: Map<string | undefined, readonly OtherResourcePairs[]>;
  /** The resources that the program has declared in this operation. Empty if the check of the host does not get their URNs. */
  readonly declarations: ProgramDeclarations;
  /**
   * Whether the program passes the resource options that check needs, such as `deleteBeforeReplace`, as internal inputs. The engine does
   * not pass them.
   */
  readonly receivesResourceOptions: boolean;
  /** The connections that the preview checks expect a create to adopt, by {@link formatPairKey}. */
  readonly adoptions: Map<string, Connection>;
  /**
   * Lists the configured organizations. Their sessions are separate from those of {@link getSession}, because the name of an organization
   * that only has environment variables (`DD_API_KEY__TEAM_01`) is a guess, `team-01`. The program may spell it `TEAM_01`, and
   * {@link getSession} refuses a second spelling.
   *
   * @throws `invalid-configuration`
   */
  listConfiguredOrganizations(): readonly ConfiguredOrganization[];
  /**
   * Whether resources may have moved to this provider from a provider with other credentials. Then the same `source` may be another
   * organization than in the state.
   */
  mayHaveMoved: boolean;
  /**
   * Whether the engine has requested a change. Then this operation is not a preview. Check and diff have no
   * other way to detect this.
   */
  hasStartedChanges: boolean;
  /** Whether this run adopts every declared pair that exists, even without `adopt`: `DATADOG_ORG_CONNECTIONS_ADOPT=true`. */
  isAdoptingAll(): boolean;
  /** Shows a warning to the user. */
  warn(message: string): void;
  /** Returns the setting `datadog-org-connections:checks`. With `offline`, check needs no credentials and sends no request. */
  getCheckMode(): "online" | "offline";
}
