import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { CallerCheck } from "./caller-check.js";
import { forwardRequest, type ForwardedResponse } from "./forward.js";
import { decideRequest, type Decision } from "./gate.js";
import { flattenHeaders } from "./http-headers.js";
import { OwnConnections } from "./own-connections.js";
import type { GatewayOptions } from "./start-gateway.js";

/** A complete request. */
export interface ReceivedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What the client gets: the response of the target, the reason of a refusal, or no response. */
export type Reply =
  { kind: "response"; response: ForwardedResponse } | { kind: "refused"; reason: string } | { kind: "none" };

/** The bounds of the cleanup, which happens even if the run has reached its own. */
const CLEANUP_REQUESTS = 200;
const CLEANUP_MS = 180_000;

/** The state of a gateway. Handles one request at a time. */
export class GatewaySession {
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
