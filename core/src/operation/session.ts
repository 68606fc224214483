import type { Credentials } from "../credentials/resolve.js";
import type { OrgConnectionsClient } from "../api/client.js";
import type { Listing } from "../api/paging.js";
import type { ManagedOrganizations } from "../api/parse.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { callerCandidates } from "./caller.js";

/** The calls of the client that a session makes. */
export type Client = Pick<OrgConnectionsClient, "list" | "create" | "update" | "delete" | "organizations">;

/** How long a listing is good for, in milliseconds. Any write of ours ends it before. */
const LISTING_MS = 60_000;

interface SharedListing {
  /** The moment at which it was begun. */
  begun: number;
  at: number;
  proof: boolean;
  listing: Promise<Listing>;
}

/**
 * One organization for the time of one engine operation: its client, the one listing that all its resources share,
 * and what has been found out about it. Each engine operation starts a new provider process, so nothing here
 * outlives an operation.
 */
export class Session {
  private shared: SharedListing | undefined;
  private moments = 0;
  private managed: Promise<ManagedOrganizations> | undefined;
  private knownCallers: readonly string[] | undefined;
  private before: Promise<Listing> | undefined;
  /** UUID of the user of these keys, known from what they created. */
  user: string | undefined;

  constructor(
    readonly credentials: Credentials,
    private readonly open: () => Promise<Client>,
    private readonly now: () => number = () => performance.now(),
    /** How many of its requests are in flight at once. */
    readonly maxInFlight = 32,
  ) {}

  /** Makes a write. The shared listing ends with it, and so does one that was begun meanwhile. */
  async write<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.open();
    this.shared = undefined;
    try {
      return await work(client);
    } finally {
      this.shared = undefined;
    }
  }

  /** A moment to compare listings with: see {@link listingSince}. */
  moment(): number {
    return this.moments;
  }

  /**
   * The first complete listing of this operation: what was there before its writes. With it a connection whose create
   * lost its answer is told from somebody else's.
   */
  async baseline(): Promise<Listing> {
    const before = (this.before ??= this.listingSince(-1));
    try {
      return await before;
    } catch (error) {
      if (this.before === before) this.before = undefined;
      throw error;
    }
  }

  /**
   * A connection that this operation has deleted itself is not "there before" any more. The deletion is done by now: it
   * neither waits for the first listing nor fails with it.
   */
  forget(connectionId: string): void {
    if (!this.before) return;
    const before = this.before.then(({ connections, ...rest }) => ({
      ...rest,
      connections: connections.filter(({ id }) => id !== connectionId),
    }));
    this.before = before;
    before.catch(() => {
      if (this.before === before) this.before = undefined;
    });
  }

  /** A listing that is at most a minute old and older than no write of ours: one request for all who ask. */
  async listing(): Promise<Listing> {
    const { shared } = this;
    return shared && this.now() - shared.at < LISTING_MS ? shared.listing : this.begin(false);
  }

  /** A listing begun after the moment, of the kind on whose gaps one may rely: still one request for all who ask. */
  async listingSince(moment: number): Promise<Listing> {
    const { shared } = this;
    return shared && shared.proof && shared.begun > moment ? shared.listing : this.begin(true);
  }

  /**
   * The organizations that the keys can belong to, as far as is known: see {@link callerCandidates}. Keys do not change
   * during an operation, so one listing is enough for all.
   */
  async callers(): Promise<readonly string[]> {
    const callers =
      this.knownCallers ?? callerCandidates((await this.listing()).connections).map(({ id }) => id);
    if (callers.length > 0) this.knownCallers = callers;
    return callers;
  }

  /** The organizations these keys can see, asked for once; a refusal is remembered too. Says who the caller is. */
  async organizations(): Promise<ManagedOrganizations> {
    const managed = (this.managed ??= this.open().then((client) => client.organizations()));
    try {
      const organizations = await managed;
      this.knownCallers = [organizations.callerId];
      return organizations;
    } catch (error) {
      if (!isOrgConnectionsError(error, "forbidden", "not-found")) this.managed = undefined;
      throw error;
    }
  }

  private async begin(proof: boolean): Promise<Listing> {
    const listing = this.open().then((client) => client.list({ proof }));
    const shared = { begun: ++this.moments, at: this.now(), proof, listing };
    this.shared = shared;
    // A failure is not shared with those who ask later.
    listing.catch(() => {
      if (this.shared === shared) this.shared = undefined;
    });
    return listing;
  }
}
