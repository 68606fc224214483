import { escapeInvisible } from "../text/escape-text.js";
import type { Settings } from "../credentials/levels.js";
import { readConfiguredId } from "../credentials/resolve.js";
import { OrganizationNames } from "../credentials/organization-names.js";
import { readCheckMode } from "../credentials/settings.js";
import type { OperationContext } from "../operation/operation-context.js";
import { OperationLedger } from "../operation/ledger.js";
import type { Session } from "../operation/session.js";
import { listConfiguredOrganizations, Sessions } from "../operation/sessions.js";
import { EngineWatch, requireEngine } from "./engine-watch.js";

/** What a host (the dynamic provider or the plugin) provides for its context. */
export interface HostOptions {
  /** Returns the current settings. The engine may configure the process after this context is created. */
  getSettings: () => Settings;
  /** Shows a warning to the user. The invisible characters in the message are already escaped. */
  warn: (message: string) => void;
  /** See {@link OperationContext.receivesResourceOptions}. */
  receivesResourceOptions: boolean;
  /** Called before each attempt of a write. Throws if the request must not be sent. */
  beforeWrite?: () => Promise<void>;
}

/** The context of one process of a host, for one operation. All resources that the process handles share it. */
export interface HostContext extends OperationContext {
  /** Exits the process after the engine that started it is gone. */
  readonly watch: EngineWatch;
  /** Forgets which session belongs to which source. Must be called after a change of the settings. */
  clearSessions(): void;
}

/** Creates the context of a process that an engine has started for one operation. */
export function createHostContext({
  getSettings,
  beforeWrite,
  receivesResourceOptions,
  ...options
}: HostOptions): HostContext {
  // The message may contain a name with invisible characters, from the state or the program.
  const warn = (message: string) => {
    options.warn(escapeInvisible(message));
  };
  const watch = new EngineWatch();
  const sessions = new Sessions(getSettings, warn, {
    beforeWrite: async () => {
      await beforeWrite?.();
      await requireEngine();
    },
    trackWrite: (write, requestMs) => watch.trackWrite(write, requestMs),
  });
  /** The sessions by source, so that the credentials are not resolved again for each of a thousand resources. */
  const sessionsBySource = new Map<string | undefined, Session>();
  /**
   * The sessions of sources that only the state contains. {@link Sessions.getSession} has not compared their names with the names
   * in the program. The map is separate, so that this comparison still runs if the program uses the name later.
   */
  const stateSessionsBySource = new Map<string | undefined, Session>();
  const ledger = new OperationLedger(new OrganizationNames(getSettings));
  return {
    watch,
    clearSessions: () => {
      sessionsBySource.clear();
      stateSessionsBySource.clear();
    },
    ledger,
    receivesResourceOptions,
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
    warn,
    getCheckMode: () => readCheckMode(getSettings().config),
  };
}
