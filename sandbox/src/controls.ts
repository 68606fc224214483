import type { ConnectInput } from "./connect-input.js";
import type { ArmedFault, Fault } from "./fault.js";
import type { SandboxIssuer } from "./identity/issuer.js";
import type { IdentityMapping } from "./identity/mapping.js";
import { SandboxInputError } from "./input.js";
import type { LoggedRequest } from "./request-log.js";
import { createBearerToken, type SandboxOrganization } from "./seed.js";
import type { SandboxContext } from "./sandbox-context.js";

/** A live connection, for tests. */
export interface SandboxConnection {
  id: string;
  sourceOrgId: string;
  sinkOrgId: string;
  connectionTypes: string[];
  /** RFC 3339 with microseconds, as in the API. */
  createdAt: string;
  /** UUID of the user who created it. */
  createdBy: string;
}

/**
 * Reads and changes the sandbox outside the imitated API. Permissions, rate limit and disabled cross-organization
 * visibility do not apply. Methods throw a {@link SandboxInputError} for an invalid argument, for an unknown key or ID, and for a
 * pair that exists already.
 */
export interface SandboxControls {
  /** All organizations in their current state, with their fake credentials. */
  readonly organizations: readonly SandboxOrganization[];
  /**
   * The requests to the imitated API, oldest first. New requests are added to this list. Excludes the control plane.
   */
  readonly requests: readonly LoggedRequest[];
  /** The issuer of tokens for workload identities. */
  readonly issuer: SandboxIssuer;
  /** Returns the organization with this key, such as `payments`. */
  getOrganization(key: string): SandboxOrganization;
  /** Removes all requests from `requests`. */
  clearRequests(): void;
  /** Returns the live connections in the order of their creation. */
  listConnections(): SandboxConnection[];
  /** Creates a connection and returns its ID. */
  connect(input: ConnectInput): string;
  /** Changes the types of a connection. */
  changeTypes(id: string, connectionTypes: string[]): void;
  /** Deletes a connection. */
  disconnect(id: string): void;
  /** Gives an organization new keys and returns them. The old keys no longer work. */
  rotateKeys(key: string): { apiKey: string; appKey: string };
  /** Gives an organization a new bearer token and returns it. The old one no longer works. */
  rotateToken(key: string): string;
  /** Maps a workload identity to a user of an organization. Replaces an earlier mapping of the same identity. */
  mapIdentity(mapping: IdentityMapping): void;
  /** Ends all access tokens of workload identities. Requests with them get 401. */
  expireTokens(): void;
  /** Replaces the permissions of an organization's application key and bearer token. */
  setPermissions(key: string, permissions: string[]): void;
  /** Turns cross-organization connections on or off for an organization. */
  setFeature(key: string, on: boolean): void;
  /** Arms a fault. If several faults match a request, the one that was armed first applies. */
  fail(fault: Fault): ArmedFault;
  /** Disarms all faults. */
  clearFaults(): void;
  /**
   * Restores the seed with its connections and identities: no access tokens, no faults, an empty log, and new rate limit windows.
   * Waiting requests continue.
   */
  reset(): void;
}

/** Creates the controls of one sandbox. They expect parsed arguments. */
export function createControls(context: SandboxContext): SandboxControls {
  const { store, faults, log } = context;
  return {
    get organizations() {
      return store.organizations;
    },
    requests: log.entries,
    issuer: context.issuer,
    getOrganization: (key) => store.getOrganization(key),
    clearRequests: () => log.clear(),
    listConnections: () =>
      store.connections.map(({ createdBy, connectionTypes, ...row }) => ({
        ...row,
        connectionTypes: [...connectionTypes],
        createdBy: createdBy.id,
      })),
    connect: (input) => store.commit(() => store.connect(input)),
    changeTypes: (id, types) =>
      store.commit(() => {
        if (!store.changeTypes(id, [...types])) throw createNotFoundError(id);
      }),
    disconnect: (id) =>
      store.commit(() => {
        if (!store.deleteConnection(id)) throw createNotFoundError(id);
      }),
    rotateKeys: (key) => store.commit(() => rotateKeys(context, key)),
    rotateToken: (key) => store.commit(() => rotateToken(context, key)),
    mapIdentity: (mapping) => store.commit(() => store.mapIdentity(mapping)),
    expireTokens: () => store.commit(() => store.clearAccessTokens()),
    setPermissions: (key, permissions) =>
      void store.commit(() => store.updateOrganization(key, { permissions: [...permissions] })),
    setFeature: (key, feature) => void store.commit(() => store.updateOrganization(key, { feature })),
    fail: (fault) => {
      // An unknown organization never sends a request, so the fault would never apply.
      if (fault.on?.organization !== undefined) store.getOrganization(fault.on.organization);
      return faults.add(fault);
    },
    clearFaults: () => faults.clear(),
    reset: () => {
      store.commit(() => store.reset());
      faults.clear();
      log.clear();
      context.limiter.clear();
      context.sentinels.clear();
    },
  };
}

function rotateKeys({ store }: SandboxContext, key: string): { apiKey: string; appKey: string } {
  const rotations = store.getOrganization(key).rotations + 1;
  const { apiKey, appKey } = store.updateOrganization(key, {
    apiKey: `sandbox-api-key-${key}-rotation-${rotations}`,
    appKey: `sandbox-app-key-${key}-rotation-${rotations}`,
    rotations,
  });
  return { apiKey, appKey };
}

function rotateToken({ store }: SandboxContext, key: string): string {
  const rotations = store.getOrganization(key).rotations + 1;
  const bearerToken = `${createBearerToken(key)}-rotation-${rotations}`;
  return store.updateOrganization(key, { bearerToken, rotations }).bearerToken;
}

function createNotFoundError(id: string): SandboxInputError {
  return new SandboxInputError(`no connection "${id}" in the sandbox`);
}
