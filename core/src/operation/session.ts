import type { Credentials } from "../credentials/resolve.js";
import type { OrgConnectionsClient } from "../api/client.js";
import type { Listing } from "../api/paging.js";
import type { VisibleOrganizations } from "../api/parse.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { deriveCaller, findCallerCandidates } from "./caller.js";

/** The methods of the client that a session uses. */
export type Client = Pick<
  OrgConnectionsClient,
  "list" | "create" | "update" | "delete" | "listOrganizations"
>;

/** How long {@link Session.getListing} reuses a listing, in milliseconds. A write invalidates the listing earlier. */
const LISTING_MAX_AGE_MS = 60_000;

interface SharedListing {
  /** The count of listings requested so far, including this one. */
  sequence: number;
  /** The time of the request, in milliseconds, from the clock of the session. */
  requestedAt: number;
  /** Whether the listing can prove that a connection does not exist. */
  provesAbsence: boolean;
  listing: Promise<Listing>;
}

/**
 * The credentials of one organization and their client. All resources with these credentials share the session's listing and what
 * is known about the caller. The caller is the organization that the credentials belong to. In the provider, each operation starts
 * a new process, so a session ends with its operation. In the functions of a program and in the command line, a session lasts for
 * one run.
 */
export class Session {
  private sharedListing: SharedListing | undefined;
  private sequence = 0;
  private visibleOrganizations: Promise<VisibleOrganizations> | undefined;
  private callerCandidates: readonly string[] | undefined;
  private baselineListing: Promise<Listing> | undefined;
  /** The listings that {@link getNextListing} will request after the current one, by `provesAbsence`. */
  private readonly nextListings = new Map<boolean, Promise<Listing>>();
  /** UUID of the user of these credentials, taken from a connection that this session created. */
  userId: string | undefined;

  constructor(
    readonly credentials: Credentials,
    private readonly openClient: () => Promise<Client>,
    private readonly now: () => number = () => performance.now(),
    /** The maximum count of concurrent requests. */
    readonly maxConcurrent = 32,
  ) {}

  /** Runs a write. The write invalidates the shared listing, including a listing that is requested during the write. */
  async write<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.openClient();
    this.sharedListing = undefined;
    try {
      return await work(client);
    } finally {
      this.sharedListing = undefined;
    }
  }

  /** Returns the latest listing's sequence number, for {@link getListingSince}. */
  getSequence(): number {
    return this.sequence;
  }

  /**
   * Returns the listing from before the first create of this session, without the connections that {@link removeFromBaseline} has
   * removed. `create` calls this method before it sends a request. The listing is complete, so after a create with an unknown
   * outcome, it shows whether a live connection is new.
   */
  async getBaselineListing(): Promise<Listing> {
    // Sequence numbers begin at 1, so any listing is new enough for the first call.
    const baseline = (this.baselineListing ??= this.getListingSince(0));
    try {
      return await baseline;
    } catch (error) {
      if (this.baselineListing === baseline) this.baselineListing = undefined;
      throw error;
    }
  }

  /**
   * Removes a deleted connection from the baseline. Does not wait for the request of the baseline. Ignores a failure of that
   * request, because the connection is already deleted.
   */
  removeFromBaseline(connectionId: string): void {
    if (!this.baselineListing) return;
    const baseline = this.baselineListing.then(({ connections, ...rest }) => ({
      ...rest,
      connections: connections.filter(({ id }) => id !== connectionId),
    }));
    this.baselineListing = baseline;
    baseline.catch(() => {
      if (this.baselineListing === baseline) this.baselineListing = undefined;
    });
  }

  /**
   * Returns a listing that is at most a minute old and newer than any completed write of this session. Concurrent calls share one
   * request.
   */
  async getListing(): Promise<Listing> {
    const shared = this.sharedListing;
    return shared && this.now() - shared.requestedAt < LISTING_MAX_AGE_MS
      ? shared.listing
      : this.requestListing({ provesAbsence: false });
  }

  /**
   * Returns a listing that was requested after the listing with this sequence number. The result can prove that a connection does
   * not exist. Concurrent calls with the same sequence number share one request.
   */
  async getListingSince(sequence: number): Promise<Listing> {
    const shared = this.sharedListing;
    return shared && shared.provesAbsence && shared.sequence > sequence
      ? shared.listing
      : this.requestListing({ provesAbsence: true });
  }

  /**
   * Returns a listing that is requested after this call. Calls wait until the current request of a listing has ended. Waiting calls
   * with the same option then share one new request, so that many concurrent adoptions need few requests.
   *
   * @param options - `provesAbsence`: whether the listing can prove that a connection does not exist. If so,
   *   {@link getListingSince} can also return this listing. Default: true
   */
  getNextListing({ provesAbsence } = { provesAbsence: true }): Promise<Listing> {
    const next = this.nextListings.get(provesAbsence) ?? this.requestNextListing(provesAbsence);
    this.nextListings.set(provesAbsence, next);
    return next;
  }

  /**
   * Returns the organizations that the credentials can belong to: see {@link findCallerCandidates}. Credentials do not
   * change during an operation, so the first listing that shows candidates is enough.
   */
  async getCallerCandidates(): Promise<readonly string[]> {
    const candidates =
      this.callerCandidates ??
      findCallerCandidates((await this.getListing()).connections).map(({ id }) => id);
    if (candidates.length > 0) this.callerCandidates = candidates;
    return candidates;
  }

  /**
   * Requests the organizations, so that no listing is needed to prove the caller. Does nothing if the caller candidates are known,
   * or if a shared listing may show them. Ignores an `OrgConnectionsError`.
   */
  async loadCaller(): Promise<void> {
    if (this.callerCandidates !== undefined || this.sharedListing !== undefined) return;
    await this.getOrganizations().catch((error: unknown) => {
      if (!isOrgConnectionsError(error)) throw error;
    });
  }

  /** Returns the organizations that the credentials can see, and the caller. A refused request is not sent again. */
  async getOrganizations(): Promise<VisibleOrganizations> {
    const request = (this.visibleOrganizations ??= this.openClient().then((client) =>
      client.listOrganizations(),
    ));
    try {
      const organizations = await request;
      // If there are several candidates and `callerId` is none of them, the caller stays unproven. A known caller is not compared
      // with later listings.
      const caller = deriveCaller(this.callerCandidates ?? [], organizations.callerId);
      if (caller !== undefined) this.callerCandidates = [caller];
      return organizations;
    } catch (error) {
      if (!isOrgConnectionsError(error, "forbidden", "not-found")) this.visibleOrganizations = undefined;
      throw error;
    }
  }

  /** Waits for the current request of a listing, if there is one. Then requests a new listing. */
  private async requestNextListing(provesAbsence: boolean): Promise<Listing> {
    await this.sharedListing?.listing.catch(() => undefined);
    this.nextListings.delete(provesAbsence);
    return this.requestListing({ provesAbsence });
  }

  /** Requests a listing, and shares it. */
  private async requestListing({ provesAbsence }: { provesAbsence: boolean }): Promise<Listing> {
    const listing = this.openClient().then((client) => client.list({ provesAbsence }));
    const shared = { sequence: ++this.sequence, requestedAt: this.now(), provesAbsence, listing };
    this.sharedListing = shared;
    // After a failure, later calls send a new request instead of failing in the same way.
    listing.catch(() => {
      if (this.sharedListing === shared) this.sharedListing = undefined;
    });
    return listing;
  }
}
