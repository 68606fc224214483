import type { OperationLedger } from "./ledger.js";
import type { Session } from "./session.js";

/** An organization in the settings. */
export interface ConfiguredOrganization {
  /** Its name; undefined for the default organization. */
  source: string | undefined;
  /** Creates or reuses the session, without a request. Throws if the credentials of the organization cannot be resolved. */
  createSession: () => Session;
}

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
   *   have the same variables as another name in the program, unless the program declares it too
   */
  getSession(source: string | undefined, options?: { isFromState: boolean }): Session;
  /** What the resources have declared and done so far. */
  readonly ledger: OperationLedger;
  /** Returns the configured `id` of an organization that has no credentials in this run, or undefined if no `id` is configured. */
  readConfiguredId(source: string | undefined): string | undefined;
  /**
   * Whether check receives the resource options that it needs, such as `deleteBeforeReplace`. The engine does not pass them to
   * check. The constructor of a dynamic resource adds them to the inputs, and check removes them. In the plugin, nothing adds them.
   */
  readonly receivesResourceOptions: boolean;
  /**
   * Lists the configured organizations. If only environment variables such as `DD_API_KEY__TEAM_01` configure an organization, its
   * name is guessed: `team-01`. The program may use the name `TEAM_01`, and {@link getSession} refuses a second spelling. So the
   * sessions of the list are separate from the sessions of {@link getSession}.
   *
   * @throws `invalid-configuration`
   */
  listConfiguredOrganizations(): readonly ConfiguredOrganization[];
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
