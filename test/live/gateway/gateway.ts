import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { parseBaseUrl } from "../../../core/src/credentials/base-url.js";
import { flattenHeaders, type ForwardedResponse, forwardRequest } from "./forward.js";
import { CallerCheck, decideRequest, type Decision } from "./gate.js";
import { type Journal, OwnConnections } from "./journal.js";

/** One request of a live run and its response, as the gateway forwarded them. It contains credentials: never print it. */
export interface Exchange {
  method: string;
  /** With the query. */
  path: string;
  /** By name in lower case. */
  requestHeaders: Readonly<Record<string, string>>;
  requestBody: string;
  status: number;
  /** By name in lower case. */
  responseHeaders: Readonly<Record<string, string>>;
  /** Decompressed. */
  responseBody: string;
}

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

/** A complete request. */
interface ReceivedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What the client gets: the response of the target, the reason of a refusal, or no response. */
type Reply =
  { kind: "response"; response: ForwardedResponse } | { kind: "refused"; reason: string } | { kind: "none" };

/** The bounds of the cleanup, which happens even if the run has reached its own. */
const CLEANUP_REQUESTS = 200;
const CLEANUP_MS = 180_000;

/** The state of a gateway. Handles one request at a time. */
class GatewaySession {
  readonly refusals: string[] = [];
  readonly failures: string[] = [];
  readonly own: OwnConnections;
  readonly #unusedIds = new Set<string>();
  readonly #callers: CallerCheck;
  #phase: "before" | "run" | "cleanup" = "before";
  #requests = 0;
  #maxRequests: number;
  #deadline: number;

  constructor(private readonly options: GatewayOptions) {
    const { target, sourceOrgId, sinkOrgId } = options;
    this.own = new OwnConnections({ target, sourceOrgId, sinkOrgId }, options.journal);
    this.#callers = new CallerCheck(target, [sourceOrgId, sinkOrgId]);
    this.#maxRequests = options.maxRequests;
    this.#deadline = options.deadline;
  }

  allowCreates(): void {
    if (this.#phase === "before") this.#phase = "run";
  }

  startCleanup(): void {
    this.#phase = "cleanup";
    this.#requests = 0;
    this.#maxRequests = CLEANUP_REQUESTS;
    this.#deadline = Date.now() + CLEANUP_MS;
  }

  createUnusedId(): string {
    const id = randomUUID();
    this.#unusedIds.add(id);
    return id;
  }

  /** Forwards a request, or refuses it. */
  async handle(request: ReceivedRequest): Promise<Reply> {
    try {
      const decision = await this.#decide(request);
      if (decision.kind === "refuse") {
        this.refusals.push(`${describe(request)}: ${decision.reason}`);
        return { kind: "refused", reason: decision.reason };
      }
      return { kind: "response", response: await this.#forward(request, decision) };
    } catch (error) {
      // The client sees what it would see without the gateway: no response.
      this.failures.push(`${describe(request)}: ${(error as Error).message}`);
      return { kind: "none" };
    }
  }

  async #decide(request: ReceivedRequest): Promise<Decision> {
    if (this.#requests >= this.#maxRequests)
      return refuse(`the maximum of ${this.#maxRequests} requests is reached`);
    if (Date.now() >= this.#deadline) return refuse("the time of the run is over");
    const decision = decideRequest(
      { method: request.method, path: request.path, body: request.body.toString() },
      {
        sinkOrgId: this.options.sinkOrgId,
        unusedIds: this.#unusedIds,
        isOwn: (id) => this.own.has(id),
      },
    );
    if (decision.kind !== "create") return decision;
    if (this.#phase === "before") return refuse("it is not proven yet that the pair is not connected");
    if (this.#phase === "cleanup") return refuse("the run is over");
    this.#requests++;
    return (await this.#callers.isAllowed(request))
      ? decision
      : refuse("the credentials of the create belong to neither organization of the run");
  }

  async #forward(request: ReceivedRequest, decision: Decision): Promise<ForwardedResponse> {
    this.#requests++;
    const intentId = decision.kind === "create" ? this.own.recordIntent(decision.sinkOrgId) : undefined;
    const response = await forwardRequest(this.options.target, request);
    this.own.observeClock(response.headers["date"]);
    if (intentId !== undefined) this.own.recordResult(intentId, response);
    if (decision.kind === "delete" && response.status < 300) this.own.recordDeleted(decision.connectionId);
    if (request.method === "GET" && response.status < 300) this.own.observeList(response.text);
    this.options.onExchange({
      method: request.method,
      path: request.path,
      requestHeaders: flattenHeaders(request.headers),
      requestBody: request.body.toString(),
      status: response.status,
      responseHeaders: response.headers,
      responseBody: response.text,
    });
    return response;
  }
}

const refuse = (reason: string): Decision => ({ kind: "refuse", reason });

/** The query can contain keys. */
const describe = ({ method, path }: ReceivedRequest): string => `${method} ${path.split("?")[0] ?? ""}`;
