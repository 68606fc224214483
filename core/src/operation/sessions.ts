import { listSources } from "../credentials/organization-names.js";
import {
  formatIdentifier,
  resolveCredentials,
  createSharedSuffixError,
  type Credentials,
  type Settings,
} from "../credentials/resolve.js";
import { toVariableSuffix } from "../credentials/setting-names.js";
import { readCallLimits, type CallLimits } from "../credentials/settings.js";
import type { AccessTokens } from "../api/access-tokens.js";
import { isWorkloadIdentity } from "../api/authentication.js";
import type { CallOptions, Wait } from "../api/call.js";
import { Session, type Client } from "./session.js";

/** An organization in the settings. */
export interface ConfiguredOrganization {
  /** Its name; undefined for the default organization. */
  source: string | undefined;
  /** Creates or reuses the session, without a request. Throws if the credentials of the organization cannot be resolved. */
  createSession: () => Session;
}

/**
 * Lists the organizations in the settings. Names share sessions as described at {@link Sessions}.
 *
 * @throws `invalid-configuration`
 */
export function listConfiguredOrganizations(settings: Settings): ConfiguredOrganization[] {
  const sessions = new Sessions(
    () => settings,
    () => undefined,
  );
  return listSources(settings).map((source) => ({
    source,
    createSession: () => sessions.getSession(source),
  }));
}

/** The shortest wait that is reported, in milliseconds. */
const MIN_REPORTED_WAIT_MS = 2000;

/**
 * Creates the sessions of the organizations in the settings, and reuses them. Names with the same credentials, address, `auth`
 * (keys in headers or in the query) and configured `id` share one session. The HTTP client is loaded at the first request.
 */
export class Sessions {
  private readonly labelsBySuffix = new Map<string, string>();
  private readonly sessionsByCredentials = new Map<string, Session>();

  constructor(
    private readonly getSettings: () => Settings,
    private readonly warn: (message: string) => void,
    private readonly options: {
      /** A monotonic clock, in milliseconds. @default `performance.now` */
      now?: () => number;
      /** Called before each attempt of a write. Throws if the request must not be sent. */
      beforeWrite?: () => Promise<void>;
      /** Called with the promise of every write and the timeout of one request in milliseconds. Returns the same result. */
      trackWrite?: <T>(write: Promise<T>, requestMs: number) => Promise<T>;
    } = {},
  ) {}

  /**
   * Returns the session of a source organization. Sends no request. Throws if the organization has no credentials. Also throws if
   * another name in the configuration or an earlier call has the same environment variables.
   *
   * @param options - `isOnlyInState`: whether the state contains this name and the program does not. Such a name is not compared
   *   with the names of earlier calls, because it may be an older spelling of one of them. Default: false
   */
  getSession(source: string | undefined, { isOnlyInState } = { isOnlyInState: false }): Session {
    const credentials = resolveCredentials(source, this.getSettings());
    if (!isOnlyInState) this.refuseSharedSuffix(credentials);
    const { authentication, organizationId } = credentials;
    const keyLocation = "keyLocation" in authentication ? authentication.keyLocation : undefined;
    const key = JSON.stringify([formatIdentifier(credentials), keyLocation, organizationId]);
    const known = this.sessionsByCredentials.get(key);
    if (known) return known;
    const limits = readCallLimits(this.getSettings().config);
    let client: Promise<Client> | undefined;
    const session = new Session(
      credentials,
      () => (client ??= this.openClient(credentials, limits)),
      this.options.now,
      limits.maxConcurrent,
    );
    this.sessionsByCredentials.set(key, session);
    return session;
  }

  /**
   * Refuses a name with the same environment variables as another name of the program. {@link resolveCredentials} compares a name
   * only with the names in the configuration.
   */
  private refuseSharedSuffix({ source, label }: Credentials): void {
    const suffix = toVariableSuffix(source);
    const knownLabel = this.labelsBySuffix.get(suffix) ?? label;
    this.labelsBySuffix.set(suffix, knownLabel);
    if (knownLabel !== label) throw createSharedSuffixError(label, knownLabel, suffix);
  }

  private async openClient(credentials: Credentials, limits: CallLimits): Promise<Client> {
    const { OrgConnectionsClient } = await import("../api/client.js");
    const requestTimeoutMs = limits.requestTimeoutSeconds * 1000;
    const options = {
      ...credentials,
      retry: { maxAttempts: limits.maxAttempts, callTimeoutMs: limits.callTimeoutSeconds * 1000 },
      requestTimeoutMs,
      maxConcurrent: limits.maxConcurrent,
      beforeWrite: this.options.beforeWrite,
      onWait: ({ ms, label, reason }: Wait) => {
        if (ms < MIN_REPORTED_WAIT_MS) return;
        this.warn(`${label}: waiting ${Math.ceil(ms / 1000)} s (${reason}).`);
      },
    };
    const client = new OrgConnectionsClient({ ...options, accessTokens: await openAccessTokens(options) });
    const trackWrite = this.options.trackWrite ?? ((write) => write);
    return {
      list: (...args) => client.list(...args),
      listOrganizations: () => client.listOrganizations(),
      create: (...args) => trackWrite(client.create(...args), requestTimeoutMs),
      update: (...args) => trackWrite(client.update(...args), requestTimeoutMs),
      delete: (...args) => trackWrite(client.delete(...args), requestTimeoutMs),
    };
  }
}

/**
 * Opens the source of the access tokens of an organization with an identity. For other credentials, loads no code and returns
 * undefined.
 */
async function openAccessTokens(options: Credentials & CallOptions): Promise<AccessTokens | undefined> {
  const { authentication } = options;
  if (!isWorkloadIdentity(authentication)) return undefined;
  const { openTokenSource } = await import("../identity/token-source.js");
  return openTokenSource({ ...options, authentication });
}
