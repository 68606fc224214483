import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { KeyLocation, KeyPair } from "../../../core/src/api/authentication.js";
import { OrgConnectionsClient, type ClientOptions } from "../../../core/src/api/client.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "../../../core/src/api/org-connections-error.js";
import type { Sandbox } from "../../../sandbox/src/index.js";

/** Creates a clock that only advances during a sleep or when a test advances it, and records every sleep. */
export function createFakeClock() {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    sleep: (ms: number) => {
      slept.push(ms);
      time += ms;
      return Promise.resolve();
    },
    advance: (ms: number) => {
      time += ms;
    },
  };
}

/** Client options with keys. */
export type OptionsWithKeys = ClientOptions & { authentication: KeyPair };

/** Creates a pair of keys, in the headers by default. */
export const createKeys = (
  apiKey: string,
  appKey: string,
  keyLocation: KeyLocation = "headers",
): KeyPair => ({
  kind: "keys",
  apiKey,
  appKey,
  keyLocation,
});

/** Creates client options for an organization of the sandbox. Waits take no time. */
export function createClientOptions(sandbox: Sandbox, key = "payments"): OptionsWithKeys {
  const { apiKey, appKey } = sandbox.getOrganization(key);
  return {
    baseUrl: sandbox.url,
    authentication: createKeys(apiKey, appKey),
    label: `organization "${key}"`,
    credentialsFrom: "DD_API_KEY__X and DD_APP_KEY__X",
    clock: createFakeClock(),
    random: () => 1,
  };
}

/** Creates a client for an organization of the sandbox. */
export function createClient(sandbox: Sandbox, key = "payments", more: Partial<ClientOptions> = {}) {
  return new OrgConnectionsClient({ ...createClientOptions(sandbox, key), ...more });
}

/** Every call of the client, by name, with arbitrary arguments. */
export const everyCall = {
  listConnections: (client: OrgConnectionsClient) => client.list(),
  createConnection: (client: OrgConnectionsClient) => client.create(SINK, ["logs"]),
  updateConnection: (client: OrgConnectionsClient) => client.update(ID, ["logs"]),
  deleteConnection: (client: OrgConnectionsClient) => client.delete(ID),
  listOrganizations: (client: OrgConnectionsClient) => client.listOrganizations(),
};

export const ID = "40bbb1c2-0000-4000-8000-000000000001";
export const SINK = "aaaaaaaa-0001-4000-8000-000000000001";

/** Returns the error that rejects a promise. It must be an error of this package. */
export async function catchError(work: Promise<unknown>): Promise<OrgConnectionsError> {
  const error = await work.then(
    (value) => new Error(`expected a failure, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (isOrgConnectionsError(error)) return error;
  throw error;
}

/** Fails if an error reveals one of the secrets in any form of output. */
export function expectNoTrace(error: unknown, secrets: readonly string[]): void {
  const { message, stack } = error as Error;
  const printed = [
    message,
    String(stack),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    inspect(error, { depth: Infinity, showHidden: true, getters: true }),
  ];
  for (const text of printed) for (const secret of secrets) expect(text).not.toContain(secret);
}

/** Starts servers on this machine, which stop at the end of each test. */
export function useServers() {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });
  return async function startServer(handler: RequestListener): Promise<string> {
    const server = createServer(handler);
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}

/** A received request. */
interface Arrived {
  method: string | undefined;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The response of a recorder. Default: an empty success. */
interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * A server that records each request with its headers and body, which the sandbox deliberately does not log,
 * and sends the responses that a test defines.
 */
export function useRecorder() {
  const arrived: Arrived[] = [];
  let reply: (request: Arrived, number: number) => Reply = () => ({});
  const server: Server = createServer((request, response) => {
    void readText(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://recorder");
      const query = Object.fromEntries(url.searchParams);
      const one = { method: request.method, path: url.pathname, query, headers: request.headers, body };
      arrived.push(one);
      const { status = 200, headers, body: text = "{}" } = reply(one, arrived.length);
      response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(text);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterEach(() => {
    arrived.length = 0;
    reply = () => ({});
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    arrived,
    /** Responds to every request with JSON. */
    respond: (body: unknown, status = 200) => {
      reply = () => ({ status, body: JSON.stringify(body) });
    },
    reply: (how: typeof reply) => {
      reply = how;
    },
    options: (more: Partial<ClientOptions> = {}): ClientOptions => ({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      authentication: createKeys("an-api-key-of-payments", "an-app-key-of-payments"),
      label: `organization "payments"`,
      credentialsFrom: "DD_API_KEY__X and DD_APP_KEY__X",
      clock: createFakeClock(),
      random: () => 1,
      ...more,
    }),
  };
}

/** Reads the body of a request. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
