import { randomUUID } from "node:crypto";
import { SandboxInputError } from "./input.js";
import { createOrganizations, type SandboxOrganization, type SandboxSeed } from "./seed.js";
import { readState, writeState, type StoredConnection } from "./state-file.js";
import { Timestamps } from "./timestamp.js";

/** Everything the sandbox remembers of organizations and connections; in a file too, when it was given one. */
export class Store {
  #organizations: readonly SandboxOrganization[];
  /** In the order of creation, which is the order of the list (R). */
  #connections: readonly StoredConnection[] = [];
  readonly #timestamps: Timestamps;

  constructor(
    private readonly seed: SandboxSeed,
    private readonly file: string | undefined,
    now: () => Date,
  ) {
    this.#timestamps = new Timestamps(now);
    this.#organizations = createOrganizations(seed);
    const state = file === undefined ? undefined : readState(file);
    if (!state) return;
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

  /** The organization of that key. Throws on an unknown one. */
  organization(key: string): SandboxOrganization {
    const found = this.#organizations.find((organization) => organization.key === key);
    if (found) return found;
    const known = this.#organizations.slice(0, 20).map((organization) => organization.key);
    throw new SandboxInputError(`no organization "${key}" in the sandbox; there are: ${known.join(", ")}, …`);
  }

  /** The organization of that id. */
  organizationById(id: string): SandboxOrganization | undefined {
    return this.#organizations.find((organization) => organization.id === id);
  }

  /** Changes fields of one organization. */
  changeOrganization(key: string, change: Partial<SandboxOrganization>): SandboxOrganization {
    const changed = { ...this.organization(key), ...change };
    this.#organizations = this.#organizations.map((other) => (other.key === key ? changed : other));
    return changed;
  }

  /** The connection of that id. */
  connection(id: string): StoredConnection | undefined {
    return this.#connections.find((connection) => connection.id === id);
  }

  /** The connection of that pair. */
  connectionOf(sourceOrgId: string, sinkOrgId: string): StoredConnection | undefined {
    return this.#connections.find((row) => row.sourceOrgId === sourceOrgId && row.sinkOrgId === sinkOrgId);
  }

  /** Adds a connection; whether it may be added is the caller's question. */
  insert(row: Omit<StoredConnection, "id" | "createdAt">): StoredConnection {
    const connection = { id: randomUUID(), ...row, createdAt: this.#timestamps.next() };
    this.#connections = [...this.#connections, connection];
    return connection;
  }

  /** Gives a connection other types. `undefined` when there is none of that id. */
  changeTypes(id: string, connectionTypes: readonly string[]): StoredConnection | undefined {
    this.#connections = this.#connections.map((row) => (row.id === id ? { ...row, connectionTypes } : row));
    return this.connection(id);
  }

  /** Removes a connection. False when there was none of that id. */
  remove(id: string): boolean {
    const before = this.#connections.length;
    this.#connections = this.#connections.filter((row) => row.id !== id);
    return this.#connections.length < before;
  }

  /** Back to the seed, without connections. */
  reset(): void {
    this.#organizations = createOrganizations(this.seed);
    this.#connections = [];
  }

  /** What `work` returns, without what it changed. */
  tryOut<T>(work: () => T): T {
    const organizations = this.#organizations;
    const connections = this.#connections;
    try {
      return work();
    } finally {
      this.#organizations = organizations;
      this.#connections = connections;
    }
  }

  /** What `work` returns, once what it changed is in the file. */
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
