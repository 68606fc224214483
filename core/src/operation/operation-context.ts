import { OrganizationNames } from "../credentials/organization-names.js";
import { readConfiguredId, type Settings } from "../credentials/resolve.js";
import { readCheckMode } from "../credentials/settings.js";
import { OperationLedger } from "./ledger.js";
import type { Session } from "./session.js";
import { listConfiguredOrganizations, type ConfiguredOrganization, type Sessions } from "./sessions.js";

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

/** What differs between the contexts of operations. */
export interface OperationOptions {
  /** Returns the current settings. The engine may configure the process after the context is created. */
  getSettings: () => Settings;
  /** Creates the sessions. The context reuses them by source. */
  sessions: Pick<Sessions, "getSession">;
  warn: OperationContext["warn"];
  receivesResourceOptions: boolean;
}

/** Creates the context of one operation. After a change of the settings, `clearSessions` must be called. */
export function createOperationContext({
  getSettings,
  sessions,
  warn,
  receivesResourceOptions,
}: OperationOptions): OperationContext & { clearSessions(): void } {
  /** The sessions by source, so that the credentials are not resolved again for each of a thousand resources. */
  const sessionsBySource = new Map<string | undefined, Session>();
  /**
   * The sessions of sources that only the state contains. {@link Sessions.getSession} has not compared their names with the names
   * in the program. The map is separate, so that this comparison still runs if the program uses the name later.
   */
  const stateSessionsBySource = new Map<string | undefined, Session>();
  const ledger = new OperationLedger(new OrganizationNames(getSettings));
  return {
    ledger,
    receivesResourceOptions,
    warn,
    listConfiguredOrganizations: () => listConfiguredOrganizations(getSettings()),
    isAdoptingAll: () => getSettings().env["DATADOG_ORG_CONNECTIONS_ADOPT"] === "true",
    getSession: (source, { isFromState } = { isFromState: false }) => {
      const isOnlyInState = isFromState && !ledger.isDeclaredSource(source);
      const cache = isOnlyInState ? stateSessionsBySource : sessionsBySource;
      const session = cache.get(source) ?? sessions.getSession(source, { isOnlyInState });
      cache.set(source, session);
      return session;
    },
    readConfiguredId: (source) => readConfiguredId(source, getSettings()),
    getCheckMode: () => readCheckMode(getSettings().config),
    clearSessions: () => {
      sessionsBySource.clear();
      stateSessionsBySource.clear();
    },
  };
}
