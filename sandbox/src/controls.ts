import type { ArmedFault, Fault } from "./fault.js";
import { SandboxInputError } from "./input.js";
import type { LoggedRequest } from "./request-log.js";
import type { SandboxOrganization, SandboxUser } from "./seed.js";
import type { World } from "./world.js";

/** A live connection as tests see it. */
export interface SandboxConnection {
  id: string;
  sourceOrgId: string;
  sinkOrgId: string;
  connectionTypes: string[];
  createdAt: string;
  /** The creator's user id. */
  createdBy: string;
}

/** A connection to be made behind the program's back. */
export interface ConnectInput {
  /** The source's key, such as `payments`. */
  source: string;
  /** The sink's key. */
  sink: string;
  /** Default `["logs"]`. */
  connectionTypes?: string[] | undefined;
  /** Default: the source's own user. */
  createdBy?: SandboxUser | undefined;
}

/**
 * What can be seen and done from outside the imitated API. No permission, feature switch or rate limit stands in the
 * way; what cannot be (an unknown key or id, a pair that exists) throws a {@link SandboxInputError}.
 */
export interface SandboxControls {
  /** All organizations as they are now, with their keys, which are made up. */
  readonly organizations: readonly SandboxOrganization[];
  /** What was asked so far, oldest first; it grows. Requests to the control plane are not in it. */
  readonly requests: readonly LoggedRequest[];
  /** The organization of that key (`payments`). */
  organization(key: string): SandboxOrganization;
  clearRequests(): void;
  /** The live connections, in the order of creation. */
  connections(): SandboxConnection[];
  /** Makes a connection and returns its id. */
  connect(input: ConnectInput): string;
  changeTypes(id: string, connectionTypes: string[]): void;
  disconnect(id: string): void;
  /** Gives an organization new keys; the old ones are refused from then on. */
  rotateKeys(key: string): { apiKey: string; appKey: string };
  /** Sets all permissions of an organization's application key. */
  setPermissions(key: string, permissions: string[]): void;
  /** Switches cross-organization connections on or off for an organization. */
  setFeature(key: string, on: boolean): void;
  /** Arms a fault, after those that are armed already. */
  fail(fault: Fault): ArmedFault;
  clearFaults(): void;
  /** Back to the seed: no connections, no faults, an empty log, a new rate limit window. Waiting requests go on. */
  reset(): void;
}

/** The controls of one world. Their callers have parsed what they pass. */
export function createControls(world: World): SandboxControls {
  const { store, faults, log } = world;
  return {
    get organizations() {
      return store.organizations;
    },
    requests: log.entries,
    organization: (key) => store.organization(key),
    clearRequests: () => log.clear(),
    connections: () =>
      store.connections.map(({ createdBy, connectionTypes, ...row }) => ({
        ...row,
        connectionTypes: [...connectionTypes],
        createdBy: createdBy.id,
      })),
    connect: (input) => store.commit(() => connect(world, input)),
    changeTypes: (id, types) =>
      store.commit(() => {
        if (!store.changeTypes(id, [...types])) throw noConnection(id);
      }),
    disconnect: (id) =>
      store.commit(() => {
        if (!store.remove(id)) throw noConnection(id);
      }),
    rotateKeys: (key) => store.commit(() => rotateKeys(world, key)),
    setPermissions: (key, permissions) =>
      void store.commit(() => store.changeOrganization(key, { permissions: [...permissions] })),
    setFeature: (key, feature) => void store.commit(() => store.changeOrganization(key, { feature })),
    fail: (fault) => {
      // A misspelled organization would never send the request that the fault is for.
      if (fault.on?.organization !== undefined) store.organization(fault.on.organization);
      return faults.arm(fault);
    },
    clearFaults: () => faults.clear(),
    reset: () => {
      store.commit(() => store.reset());
      faults.clear();
      log.clear();
      world.limiter.clear();
      world.sentinels.clear();
    },
  };
}

function connect({ store }: World, input: ConnectInput): string {
  const source = store.organization(input.source);
  const sink = store.organization(input.sink);
  if (store.connectionOf(source.id, sink.id)) {
    throw new SandboxInputError(`${source.key} is connected to ${sink.key} already`);
  }
  return store.insert({
    sourceOrgId: source.id,
    sinkOrgId: sink.id,
    connectionTypes: [...(input.connectionTypes ?? ["logs"])],
    createdBy: input.createdBy ?? source.user,
  }).id;
}

function rotateKeys({ store }: World, key: string): { apiKey: string; appKey: string } {
  const rotations = store.organization(key).rotations + 1;
  const { apiKey, appKey } = store.changeOrganization(key, {
    apiKey: `sandbox-api-key-${key}-rotation-${rotations}`,
    appKey: `sandbox-app-key-${key}-rotation-${rotations}`,
    rotations,
  });
  return { apiKey, appKey };
}

function noConnection(id: string): SandboxInputError {
  return new SandboxInputError(`no connection "${id}" in the sandbox`);
}
