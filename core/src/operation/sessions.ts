import { callLimits, type CallLimits } from "../credentials/limits.js";
import {
  resolveCredentials,
  sharedSuffix,
  suffixOf,
  type Credentials,
  type Settings,
} from "../credentials/resolve.js";
import { Session, type Client } from "./session.js";

/** Waits shorter than this are not worth a line, in milliseconds. */
const SILENT_WAIT_MS = 2000;

/**
 * The sessions of one process: one for each pair of keys and address, under however many names. The HTTP client is
 * loaded at the first request.
 */
export class Sessions {
  private readonly labels = new Map<string, string>();
  private readonly byKeys = new Map<string, Session>();

  constructor(
    private readonly settings: () => Settings,
    private readonly warn: (message: string) => void,
    private readonly options: {
      now?: () => number;
      beforeWrite?: () => Promise<void>;
      /** Passes on the promise of every create, change and deletion, with the longest time of one request. */
      trackWrite?: <T>(write: Promise<T>, requestMs: number) => Promise<T>;
    } = {},
  ) {}

  /** The session of a source organization. Throws when there are no keys for it; makes no request. */
  for(source: string | undefined): Session {
    const credentials = resolveCredentials(source, this.settings());
    this.refuseTwin(credentials);
    const { baseUrl, apiKey, appKey, auth, organizationId } = credentials;
    const key = JSON.stringify([baseUrl, apiKey, appKey, auth, organizationId]);
    const known = this.byKeys.get(key);
    if (known) return known;
    const limits = callLimits(this.settings().config);
    let client: Promise<Client> | undefined;
    const session = new Session(
      credentials,
      () => (client ??= this.open(credentials, limits)),
      this.options.now,
      limits.maxInFlight,
    );
    this.byKeys.set(key, session);
    return session;
  }

  /** Names that stand in no configuration can only be compared as they come. */
  private refuseTwin({ source, label }: Credentials): void {
    const suffix = suffixOf(source);
    const twin = this.labels.get(suffix) ?? label;
    this.labels.set(suffix, twin);
    if (twin !== label) throw sharedSuffix(label, twin, suffix);
  }

  private async open(credentials: Credentials, limits: CallLimits): Promise<Client> {
    const { OrgConnectionsClient } = await import("../api/client.js");
    const tryTimeoutMs = limits.requestTimeoutSeconds * 1000;
    const client = new OrgConnectionsClient({
      ...credentials,
      retry: { tries: limits.tries, totalMs: limits.callTimeoutSeconds * 1000 },
      tryTimeoutMs,
      maxInFlight: limits.maxInFlight,
      beforeWrite: this.options.beforeWrite,
      onWait: ({ ms, label, because }) => {
        if (ms < SILENT_WAIT_MS) return;
        this.warn(`${label}: waiting ${Math.ceil(ms / 1000)} s (${because}).`);
      },
    });
    const { trackWrite } = this.options;
    if (!trackWrite) return client;
    return {
      list: (...args) => client.list(...args),
      organizations: () => client.organizations(),
      create: (...args) => trackWrite(client.create(...args), tryTimeoutMs),
      update: (...args) => trackWrite(client.update(...args), tryTimeoutMs),
      delete: (...args) => trackWrite(client.delete(...args), tryTimeoutMs),
    };
  }
}
