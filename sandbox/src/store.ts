import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ConnectInput, IdentityMapping, SandboxSeed } from "./seed.js";
import {
  type AccessToken,
  readState,
  writeState,
  type Grant,
  type StoredConnection,
  type StoredState,
  TimestampSequence,
} from "./state-file.js";
import { SandboxInputError } from "./input.js";
import { createOrganizations, type SandboxOrganization } from "./organizations.js";

/** The maximum count of organizations in a message. */
const MAX_SHOWN = 20;

/** The content of a sandbox, in memory and in the state file if there is one. */
export class Store {
  #state: StoredState;
  readonly #timestamps: TimestampSequence;

  constructor(
    private readonly seed: SandboxSeed,
    private readonly file: string | undefined,
    private readonly now: () => Date,
  ) {
    this.#timestamps = new TimestampSequence(now);
    // Also if there is a state file, so that an invalid seed is an error.
    this.#state = createState(seed);
    const state = file === undefined ? undefined : readState(file);
    if (!state) {
      this.reset();
      return;
    }
    this.#state = state;
    for (const { createdAt } of state.connections) this.#timestamps.startAfter(createdAt);
  }

  get organizations(): readonly SandboxOrganization[] {
    return this.#state.organizations;
  }

  get connections(): readonly StoredConnection[] {
    return this.#state.connections;
  }

  get identities(): readonly IdentityMapping[] {
    return this.#state.identities;
  }

  /**
   * Returns the organization with this key.
   *
   * @throws {@link SandboxInputError} if the key is unknown
   */
  getOrganization(key: string): SandboxOrganization {
    const found = this.organizations.find((organization) => organization.key === key);
    if (found) return found;
    const keys = this.organizations.map((organization) => organization.key);
    const shown = [...keys.slice(0, MAX_SHOWN), ...(keys.length > MAX_SHOWN ? ["…"] : [])];
    throw new SandboxInputError(
      `no organization "${key}" in the sandbox; known organizations: ${shown.join(", ")}`,
    );
  }

  /** Finds the organization with this ID. */
  findOrganizationById(id: string): SandboxOrganization | undefined {
    return this.organizations.find((organization) => organization.id === id);
  }

  /** Updates fields of one organization. */
  updateOrganization(key: string, change: Partial<SandboxOrganization>): SandboxOrganization {
    const changed = { ...this.getOrganization(key), ...change };
    this.#update({
      organizations: this.organizations.map((current) => (current.key === key ? changed : current)),
    });
    return changed;
  }

  /** Finds the connection with this ID. */
  findConnection(id: string): StoredConnection | undefined {
    return this.connections.find((connection) => connection.id === id);
  }

  /** Finds the connection of this pair. */
  findConnectionByPair(sourceOrgId: string, sinkOrgId: string): StoredConnection | undefined {
    return this.connections.find((row) => row.sourceOrgId === sourceOrgId && row.sinkOrgId === sinkOrgId);
  }

  /** Adds a connection. The caller checks whether it is allowed. */
  addConnection(row: Omit<StoredConnection, "id" | "createdAt">): StoredConnection {
    const connection = { id: randomUUID(), ...row, createdAt: this.#timestamps.createNext() };
    this.#update({ connections: [...this.connections, connection] });
    return connection;
  }

  /** Changes the types of a connection. Returns `undefined` if no connection has this ID. */
  changeTypes(id: string, connectionTypes: readonly string[]): StoredConnection | undefined {
    this.#update({
      connections: this.connections.map((row) => (row.id === id ? { ...row, connectionTypes } : row)),
    });
    return this.findConnection(id);
  }

  /** Replaces all connections. The caller keeps their order and checks what is allowed. */
  replaceConnections(connections: readonly StoredConnection[]): void {
    this.#update({ connections });
  }

  /** Deletes a connection. Returns false if no connection had this ID. */
  deleteConnection(id: string): boolean {
    const before = this.connections.length;
    this.#update({ connections: this.connections.filter((row) => row.id !== id) });
    return this.connections.length < before;
  }

  /**
   * Creates a connection between two organizations, without the checks of the API, and returns its ID.
   *
   * @throws {@link SandboxInputError} if a key is unknown or the pair exists already
   */
  connect({ source, sink, connectionTypes = ["logs"], createdBy }: ConnectInput): string {
    const [from, to] = [this.getOrganization(source), this.getOrganization(sink)];
    if (this.findConnectionByPair(from.id, to.id)) {
      throw new SandboxInputError(`${from.key} is connected to ${to.key} already`);
    }
    return this.addConnection({
      sourceOrgId: from.id,
      sinkOrgId: to.id,
      connectionTypes: [...connectionTypes],
      createdBy: createdBy ?? from.user,
    }).id;
  }

  /**
   * Maps a workload identity to a user of an organization. Replaces an earlier mapping of the same identity.
   *
   * @throws {@link SandboxInputError} if the key of the organization is unknown
   */
  mapIdentity(mapping: IdentityMapping): void {
    this.getOrganization(mapping.organization);
    const at = this.identities.findIndex(
      ({ organization, identity }) =>
        organization === mapping.organization && isDeepStrictEqual(identity, mapping.identity),
    );
    const added = structuredClone(mapping);
    this.#update({ identities: at < 0 ? [...this.identities, added] : this.identities.with(at, added) });
  }

  /** Finds an access token that has not expired. */
  findAccessToken(token: string): AccessToken | undefined {
    return this.#listLiveTokens().find((accessToken) => accessToken.token === token);
  }

  /** Adds an access token for an organization. */
  addAccessToken(organization: string, { user, scopes }: Grant, lifetimeSeconds: number): AccessToken {
    const accessToken = {
      token: `sandbox-access-token-${randomUUID()}`,
      organization,
      user,
      scopes,
      expiresAt: Math.floor(this.now().getTime() / 1000) + lifetimeSeconds,
    };
    this.#update({ accessTokens: [...this.#listLiveTokens(), accessToken] });
    return accessToken;
  }

  /** Ends all access tokens. */
  clearAccessTokens(): void {
    this.#update({ accessTokens: [] });
  }

  /** Restores the seed, with its connections and identities. */
  reset(): void {
    this.#state = createState(this.seed);
    for (const connection of this.seed.connections ?? []) this.connect(connection);
    for (const mapping of this.seed.identities ?? []) this.mapIdentity(mapping);
  }

  /** Runs `work`, discards its changes, and returns its result. */
  simulate<T>(work: () => T): T {
    const state = this.#state;
    try {
      return work();
    } finally {
      this.#state = state;
    }
  }

  /** Runs `work`, writes its changes to the state file, and returns its result. */
  commit<T>(work: () => T): T {
    const state = this.#state;
    const result = work();
    if (state !== this.#state && this.file !== undefined) writeState(this.file, this.#state);
    return result;
  }

  #update(change: Partial<StoredState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #listLiveTokens(): AccessToken[] {
    const now = this.now().getTime();
    return this.#state.accessTokens.filter(({ expiresAt }) => now < expiresAt * 1000);
  }
}

const createState = (seed: SandboxSeed): StoredState => ({
  organizations: createOrganizations(seed),
  connections: [],
  identities: [],
  accessTokens: [],
});
