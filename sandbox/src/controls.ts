import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import { type ArmedFault, type Fault, parseFault } from "./fault.js";
import { type SandboxIssuer, issueTokenInputSchema } from "./identity/issuer.js";
import {
  SandboxInputError,
  boolean,
  nonEmptyString,
  createObjectSchema,
  parseInput,
  strings,
  anyObject,
  parseJson,
  readBody,
} from "./input.js";
import { createBearerToken, type SandboxOrganization } from "./organizations.js";
import type { LoggedRequest } from "./request-log.js";
import type { SandboxContext } from "./sandbox-context.js";
import {
  type ConnectInput,
  type IdentityMapping,
  connectInputSchema,
  identityMappingSchema,
} from "./seed.js";
import { sendJson } from "./send-response.js";

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

/** The arguments of `changeTypes`. */
const changeTypesInputSchema = createObjectSchema({ id: nonEmptyString, connectionTypes: strings });
/** The argument of `disconnect`. */
const disconnectInputSchema = createObjectSchema({ id: nonEmptyString });

/** Creates controls that validate each argument first, because a JavaScript program can pass any value. */
export function createValidatedControls(controls: SandboxControls): SandboxControls {
  const parseKey = (key: unknown) => parseInput(nonEmptyString, key, "key");
  return {
    get organizations() {
      return controls.organizations;
    },
    requests: controls.requests,
    issuer: {
      url: controls.issuer.url,
      issueToken: async (input: unknown) =>
        controls.issuer.issueToken(parseInput(issueTokenInputSchema, input, "input")),
      github: controls.issuer.github,
    },
    getOrganization: (key: unknown) => controls.getOrganization(parseKey(key)),
    clearRequests: () => controls.clearRequests(),
    listConnections: () => controls.listConnections(),
    connect: (input: unknown) => controls.connect(parseInput(connectInputSchema, input, "input")),
    changeTypes: (id: unknown, types: unknown) => {
      const input = parseInput(changeTypesInputSchema, { id, connectionTypes: types }, "input");
      controls.changeTypes(input.id, input.connectionTypes);
    },
    disconnect: (id: unknown) => controls.disconnect(parseInput(disconnectInputSchema, { id }, "input").id),
    rotateKeys: (key: unknown) => controls.rotateKeys(parseKey(key)),
    rotateToken: (key: unknown) => controls.rotateToken(parseKey(key)),
    mapIdentity: (mapping: unknown) =>
      controls.mapIdentity(parseInput(identityMappingSchema, mapping, "mapping")),
    expireTokens: () => controls.expireTokens(),
    setPermissions: (key: unknown, permissions: unknown) =>
      controls.setPermissions(parseKey(key), parseInput(strings, permissions, "permissions")),
    setFeature: (key: unknown, on: unknown) =>
      controls.setFeature(parseKey(key), parseInput(boolean, on, "on")),
    fail: (fault: unknown) => controls.fail(parseFault(fault)),
    clearFaults: () => controls.clearFaults(),
    reset: () => controls.reset(),
  };
}

/** The prefix of all paths of the control plane. */
export const CONTROL_PREFIX = "/_sandbox/";

/** The controls over HTTP, for other processes and `curl`. Each function returns the body of the response, or a Promise of it. */
const endpoints: Record<string, (controls: SandboxControls, input: unknown) => unknown> = {
  "GET /_sandbox/organizations": ({ organizations }) => ({ organizations }),
  "GET /_sandbox/connections": (controls) => ({ connections: controls.listConnections() }),
  "GET /_sandbox/requests": ({ requests }) => ({ requests }),
  "DELETE /_sandbox/requests": (controls) => controls.clearRequests(),
  "POST /_sandbox/connect": (controls, input) => ({
    id: controls.connect(parseInput(connectInputSchema, input, "body")),
  }),
  "POST /_sandbox/change-types": (controls, input) => {
    const { id, connectionTypes } = parseInput(changeTypesInputSchema, input, "body");
    controls.changeTypes(id, connectionTypes);
  },
  "POST /_sandbox/disconnect": (controls, input) =>
    controls.disconnect(parseInput(disconnectInputSchema, input, "body").id),
  "POST /_sandbox/map-identity": (controls, input) =>
    controls.mapIdentity(parseInput(identityMappingSchema, input, "body")),
  "POST /_sandbox/issue-token": async ({ issuer }, input) => ({
    token: await issuer.issueToken(parseInput(issueTokenInputSchema, input, "body")),
  }),
  "POST /_sandbox/expire-tokens": (controls) => controls.expireTokens(),
  "POST /_sandbox/faults": (controls, input) => {
    controls.fail(parseFault(input));
  },
  "DELETE /_sandbox/faults": (controls) => controls.clearFaults(),
  "POST /_sandbox/reset": (controls) => controls.reset(),
};

/** Serves one request to the control plane. */
export async function serveControl(
  controls: SandboxControls,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const name = `${request.method ?? ""} ${path}`;
  const body = await readBody(request);
  const endpoint = endpoints[name];
  if (!endpoint) {
    sendJson(response, 501, {
      errors: [
        `the sandbox has no endpoint ${name}; available endpoints: ${Object.keys(endpoints).join(", ")}`,
      ],
    });
    return;
  }
  try {
    sendJson(response, 200, (await endpoint(controls, parseBody(body))) ?? {});
  } catch (error) {
    if (!(error instanceof SandboxInputError)) throw error;
    sendJson(response, 400, { errors: [error.message] });
  }
}

/** Parses the body as an object. An empty body is an empty object. */
function parseBody(body: string): unknown {
  const input = body === "" ? {} : parseJson(body);
  if (!v.is(anyObject, input)) throw new SandboxInputError("the body must be a JSON object");
  return input;
}
