import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { WorkloadIdentity } from "../../../core/src/api/authentication.js";
import {
  OrgConnectionsClient,
  type ClientOptions,
  createExchange,
  type ExchangeOptions,
} from "../../../core/src/api/client.js";
import { TokenSource, type TokenSourceOptions } from "../../../core/src/identity/token-source.js";
import { createFakeClock, ID, readText } from "../api/harness.js";

const EXCHANGE = "/api/v2/delegated-token";
export const ORGANIZATION_ID = "aaaaaaaa-0001-4000-8000-000000000001";
/** In all proofs and access tokens of these tests. */
export const CANARY = "canary";

/** A received request. */
export interface Arrived {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A response. Default: 200. `hang`: none until the client gives up. */
interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  hang?: boolean;
}

/** Creates an error response of the API. */
export const createErrorReply = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { errors: [`refused with ${status}`] },
});

/** Creates a successful response of the exchange. */
export const createTokenReply = (attributes: object): Reply => ({
  body: { data: { type: "delegated_token", attributes } },
});

/** The current time in seconds, as the exchange sends it, and a distance. */
export const toExpires = (seconds: number, now = Date.now()): string =>
  String(Math.floor(now / 1000) + seconds);

const CONNECTION = {
  type: "org_connection",
  id: ID,
  attributes: { created_at: "2025-08-26T20:19:36.177236+00:00", connection_types: ["logs"] },
};

/** The success of each method. A list is empty. */
function createSuccess({ method, path }: Arrived): Reply {
  if (method === "DELETE") return { body: {} };
  if (path === "/api/v2/org") return { body: { data: { type: "managed_orgs", id: ORGANIZATION_ID } } };
  return { body: { data: method === "GET" ? [] : CONNECTION } };
}

/** Uses a server with the exchange and the calls of the API for a test file. It accepts the tokens that it has issued. */
export function useIdentityServer() {
  const exchanges: Arrived[] = [];
  const calls: Arrived[] = [];
  const valid = new Set<string>();
  let replyToExchange: (number: number) => Reply | undefined = () => undefined;
  let replyToCall: (number: number, request: Arrived) => Reply | undefined = () => undefined;
  const issueToken = (): Reply => {
    const token = `${CANARY}-token-${exchanges.length}`;
    valid.add(`Bearer ${token}`);
    return createTokenReply({ access_token: token, expires: toExpires(900) });
  };
  const reply = (request: Arrived): Reply => {
    if (request.path === EXCHANGE) return replyToExchange(exchanges.push(request)) ?? issueToken();
    const given = replyToCall(calls.push(request), request);
    if (given) return given;
    return valid.has(request.headers.authorization ?? "") ? createSuccess(request) : createErrorReply(401);
  };
  const server: Server = createServer((request, response) => {
    void readText(request).then((body) => {
      const path = new URL(request.url ?? "/", "http://server").pathname;
      const {
        status = 200,
        headers,
        body: json,
        hang,
      } = reply({
        method: request.method ?? "",
        path,
        headers: request.headers,
        body,
      });
      if (hang) return;
      const text = typeof json === "string" ? json : JSON.stringify(json ?? {});
      response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(text);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterEach(() => {
    exchanges.length = 0;
    calls.length = 0;
    valid.clear();
    replyToExchange = () => undefined;
    replyToCall = () => undefined;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    exchanges,
    calls,
    /** Makes all tokens invalid that were issued so far. */
    revokeTokens: () => valid.clear(),
    /** Replaces the response to an exchange; they are counted from 1. */
    onExchange: (how: typeof replyToExchange) => {
      replyToExchange = how;
    },
    /** Replaces the response to another call; they are counted from 1. */
    onCall: (how: typeof replyToCall) => {
      replyToCall = how;
    },
    options: (more: Partial<ClientOptions> = {}): ExchangeOptions => ({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      label: 'organization "payments"',
      credentialsFrom: "DD_CLOUD_PROVIDER_TYPE__PAYMENTS",
      clock: createFakeClock(),
      random: () => 1,
      ...more,
      authentication: createIdentity(),
    }),
  };
}

/** Creates the identity of a job of GitHub Actions, or another one. */
export const createIdentity = (
  identity: WorkloadIdentity["identity"] = { type: "github" },
): WorkloadIdentity => ({ kind: "identity", identity, organizationId: ORGANIZATION_ID });

/** Creates a client whose proofs are invented. */
export function createIdentityClient(options: ExchangeOptions, more: Partial<TokenSourceOptions> = {}) {
  let count = 0;
  const accessTokens = new TokenSource({
    obtainProof: () => Promise.resolve(`${CANARY}-proof-${++count}`),
    exchangeProof: createExchange(options),
    ...more,
  });
  return new OrgConnectionsClient({ ...options, accessTokens });
}
