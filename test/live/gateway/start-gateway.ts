import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Exchange } from "./exchange.js";
import type { Journal } from "./journal.js";
import { parseBaseUrl } from "../../../core/src/credentials/base-url.js";
import { GatewaySession, type ReceivedRequest, type Reply } from "./session.js";

/** The options of a gateway. */
export interface GatewayOptions {
  /** The base URL of the API. `https`, or `http` for loopback. */
  target: string;
  /** The UUIDs of the declared pair. */
  sourceOrgId: string;
  sinkOrgId: string;
  journal: Journal;
  /** How many requests are forwarded, without those of the cleanup. */
  maxRequests: number;
  /** When forwarding stops, except for the cleanup. Milliseconds since 1970. */
  deadline: number;
  /** Called after each complete response of the target, before the client gets it. */
  onExchange: (exchange: Exchange) => void;
}

/** A running gateway. */
export interface Gateway {
  /** The base URL on loopback, for `DD_HOST`. */
  readonly url: string;
  /** In lower case. */
  readonly sourceOrgId: string;
  readonly sinkOrgId: string;
  /** Why requests were refused. If it is not empty, the run has to end. */
  readonly refusals: readonly string[];
  /** The requests without a response, and the codes of their errors, such as `GET /api/v2/org: ECONNRESET`. */
  readonly failures: readonly string[];
  /** Lets the gateway forward creates. `prepareRun` calls it. */
  allowCreates(): void;
  /** Generates an ID that nothing has. Requests that change a connection may name it, to see how the API refuses them. */
  createUnusedId(): string;
  /** Whether a connection was created by this run, or by an interrupted one. */
  isOwn(connectionId: string): boolean;
  /** Ends the run: no more creates, and bounds of its own for what deletes the connections of the run. */
  startCleanup(): void;
  /** Stops the gateway and closes all sockets. */
  close(): Promise<void>;
}

/** The status of a refusal. No API uses it: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.19 */
export const REFUSED_STATUS = 418;
/** The header of a refusal. */
export const REFUSED_HEADER = "x-live-gateway";

const MAX_REQUEST_BYTES = 256 * 1024;

/**
 * Starts the gateway of a live run: a reverse proxy on loopback that all of its requests go through. It forwards only what cannot
 * change anything but the connections of the run, and stops at the bounds. It forwards one request after another, so that a
 * recording has one order.
 *
 * @throws if the target is not https or loopback, or if the journal names leftovers of another pair or target
 *
 * @example
 * const gateway = await startGateway({ target: "https://api.datadoghq.com", maxRequests: 600, deadline, … });
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const [sourceOrgId, sinkOrgId] = [options.sourceOrgId.toLowerCase(), options.sinkOrgId.toLowerCase()];
  const target = parseBaseUrl(options.target, "the address of the API");
  const session = new GatewaySession({ ...options, target, sourceOrgId, sinkOrgId });
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((incoming, response) => {
    const received = receive(incoming);
    // It is awaited below, maybe after it was rejected.
    received.catch(() => undefined);
    last = last
      .then(async () => send(response, await session.handle(await received)))
      .catch(() => void response.destroy());
  });
  // Longer than clients keep an idle socket open, so that the gateway closes none on which a request arrives.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    sourceOrgId,
    sinkOrgId,
    refusals: session.refusals,
    failures: session.failures,
    allowCreates: () => session.allowCreates(),
    createUnusedId: () => session.createUnusedId(),
    isOwn: (id) => session.own.has(id),
    startCleanup: () => session.startCleanup(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new Error("the request is too large");
    chunks.push(chunk);
  }
  const { method = "", url: path = "", headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks) };
}

function send(response: ServerResponse, reply: Reply): void {
  switch (reply.kind) {
    case "response": {
      const { status, headers, bytes } = reply.response;
      response.writeHead(status, { ...headers, "content-length": bytes.length }).end(bytes);
      break;
    }
    case "refused": {
      const body = { errors: [`the gateway of the live test refused the request: ${reply.reason}`] };
      response.writeHead(REFUSED_STATUS, { "content-type": "application/json", [REFUSED_HEADER]: "refused" });
      response.end(JSON.stringify(body));
      break;
    }
    case "none":
      response.destroy();
  }
}
