import { randomUUID } from "node:crypto";
import type { ConnectInput } from "./connect-input.js";
import { SandboxInputError } from "./input.js";
import { createOrganizations, type SandboxOrganization, type SandboxSeed } from "./seed.js";
import { readState, writeState, type StoredConnection } from "./state-file.js";
import { TimestampSequence } from "./timestamp.js";

/** The maximum count of organizations in a message. */
const MAX_SHOWN = 20;

/** The organizations and connections of a sandbox, in memory and in the state file if there is one. */
export class Store {
  #organizations: readonly SandboxOrganization[];
  /** In the order of creation, which is the recorded order of the list. */
  #connections: readonly StoredConnection[] = [];
  readonly #timestamps: TimestampSequence;

  constructor(
    private readonly seed: SandboxSeed,
    private readonly file: string | undefined,
    now: () => Date,
  ) {
    this.#timestamps = new TimestampSequence(now);
    this.#organizations = createOrganizations(seed);
    const state = file === undefined ? undefined : readState(file);
    if (!state) {
      this.reset();
      return;
    }
    this.#organizations = state.organizations;
    this.#connections = state.connections;
    for (const { createdAt } of state.connections) this.#timestamps.startAfter(createdAt);
  }

  get organizations(): readonly SandboxOrganization[] {
    return this.#organizations;
  }

  get connections(): readonly StoredConnection[] {
    return this.#connections;
  }

  /**
   * Returns the organization with this key.
   *
   * @throws {@link SandboxInputError} if the key is unknown
   */
  getOrganization(key: string): SandboxOrganization {
    const found = this.#organizations.find((organization) => organization.key === key);
    if (found) return found;
    const keys = this.#organizations.map((organization) => organization.key);
    const shown = [...keys.slice(0, MAX_SHOWN), ...(keys.length > MAX_SHOWN ? ["…"] : [])];
    throw new SandboxInputError(
      `no organization "${key}" in the sandbox; known organizations: ${shown.join(", ")}`,
    );
  }

  /** Finds the organization with this ID. */
  findOrganizationById(id: string): SandboxOrganization | undefined {
    return this.#organizations.find((organization) => organization.id === id);
  }

  /** Updates fields of one organization. */
  updateOrganization(key: string, change: Partial<SandboxOrganization>): SandboxOrganization {
    const changed = { ...this.getOrganization(key), ...change };
    this.#organizations = this.#organizations.map((current) => (current.key === key ? changed : current));
    return changed;
  }

  /** Finds the connection with this ID. */
  findConnection(id: string): StoredConnection | undefined {
    return this.#connections.find((connection) => connection.id === id);
  }

  /** Finds the connection of this pair. */
  findConnectionByPair(sourceOrgId: string, sinkOrgId: string): StoredConnection | undefined {
    return this.#connections.find((row) => row.sourceOrgId === sourceOrgId && row.sinkOrgId === sinkOrgId);
  }

  /** Adds a connection. The caller checks whether it is allowed. */
  addConnection(row: Omit<StoredConnection, "id" | "createdAt">): StoredConnection {
    const connection = { id: randomUUID(), ...row, createdAt: this.#timestamps.createNext() };
    this.#connections = [...this.#connections, connection];
    return connection;
  }

  /** Changes the types of a connection. Returns `undefined` if no connection has this ID. */
  changeTypes(id: string, connectionTypes: readonly string[]): StoredConnection | undefined {
    this.#connections = this.#connections.map((row) => (row.id === id ? { ...row, connectionTypes } : row));
    return this.findConnection(id);
  }

  /** Deletes a connection. Returns false if no connection had this ID. */
  deleteConnection(id: string): boolean {
    const before = this.#connections.length;
    this.#connections = this.#connections.filter((row) => row.id !== id);
    return this.#connections.length < before;
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

  /** Restores the seed, with its connections. */
  reset(): void {
    this.#organizations = createOrganizations(this.seed);
    this.#connections = [];
    for (const connection of this.seed.connections ?? []) this.connect(connection);
  }

  /** Runs `work`, discards its changes, and returns its result. */
  simulate<T>(work: () => T): T {
    const organizations = this.#organizations;
    const connections = this.#connections;
    try {
      return work();
    } finally {
      this.#organizations = organizations;
      this.#connections = connections;
    }
  }

  /** Runs `work`, writes its changes to the state file, and returns its result. */
  commit<T>(work: () => T): T {
    const organizations = this.#organizations;
    const connections = this.#connections;
    const result = work();
    const changed = organizations !== this.#organizations || connections !== this.#connections;
    if (changed && this.file !== undefined) {
      writeState(this.file, { organizations: this.#organizations, connections: this.#connections });
    }
    return result;
  }
}
