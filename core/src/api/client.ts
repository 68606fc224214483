import { setTimeout as delay } from "node:timers/promises";
import { OrgConnectionsError } from "./org-connections-error.js";
import {
  createTruncatedResponseError,
  isTruncated,
  isTransient,
  createNetworkError,
  createRateLimitError,
  createStatusError,
  createUnexpectedResponseError,
} from "./failures.js";
import { RequestLimiter, RateLimitedError } from "./request-limiter.js";
import {
  createSender,
  NoResponseError,
  type Access,
  type ApiResponse,
  type Request,
  type Sender,
} from "./http.js";
import { parseJson } from "./parse-json.js";
import { createMessageContext, type MessageContext } from "./message-context.js";
import { listAll, type Listing } from "./paging.js";
import { parseConnection, parseEmptyObject, parsePage, type Connection } from "./parse.js";
import { parseOrganizations, type VisibleOrganizations } from "./parse-organizations.js";
import { parseRateLimit, type Headers } from "./rate-limit.js";
import { decideRetry, defaultRetryPolicy, type RetryPolicy, type AttemptFailure } from "./retry.js";
import { routes, SUCCESS_STATUS } from "./routes.js";

/** The options of a client. Tests also replace its clock and its random numbers. */
export interface ClientOptions extends Access {
  /** For messages: `organization "payments"`. */
  label: string;
  /** For messages: `DD_API_KEY and DD_APP_KEY`, or `DD_BEARER_TOKEN`. */
  credentialsFrom: string;
  /** @default {@link defaultRetryPolicy} */
  retry?: Partial<RetryPolicy>;
  /** Timeout of one attempt, in milliseconds. @default 30,000 */
  requestTimeoutMs?: number;
  /** Maximum concurrent requests. @default 32 */
  maxConcurrent?: number;
  /** Called before each wait. */
  onWait?: (wait: { ms: number; label: string; reason: string }) => void;
  /** Called before each attempt of a create, update or delete. Throws if the request must not be sent. */
  beforeWrite?: (() => Promise<void>) | undefined;
  clock?: { now: () => number; sleep: (ms: number) => Promise<void> };
  random?: () => number;
}

/** An attempt that failed. */
interface FailedAttempt {
  failure: AttemptFailure;
  /** Creates its error, which is thrown only if no further attempt is made. */
  createError: () => OrgConnectionsError;
}
type AttemptResult = { response: ApiResponse } | FailedAttempt;

/**
 * A client of the API with the credentials of one organization. Every method throws an `OrgConnectionsError`.
 * See https://docs.datadoghq.com/api/latest/org-connections/.
 */
export class OrgConnectionsClient {
  private readonly send: Sender;
  private readonly messageContext: MessageContext;
  private readonly limiter: RequestLimiter;
  private readonly clock: NonNullable<ClientOptions["clock"]>;

  constructor(private readonly options: ClientOptions) {
    this.send = createSender(options);
    this.messageContext = createMessageContext(options);
    this.clock = options.clock ?? { now: () => performance.now(), sleep: (ms) => delay(ms) };
    this.limiter = new RequestLimiter(options.maxConcurrent ?? 32, this.clock, (ms) =>
      options.onWait?.({ ms, label: options.label, reason: "its rate limit is exhausted" }),
    );
  }

  /**
   * Lists all connections with the organization as source or destination. With `provesAbsence: true`, the list proves
   * that a connection that it omits does not exist, even if other clients change the list during the read
   * (paging.ts). This costs a little more above 1,000 rows.
   */
  async list(options: { provesAbsence?: boolean } = {}): Promise<Listing> {
    const listing = await listAll(
      (page) => this.call({ route: "listConnections", query: { ...page } }, parsePage),
      options,
    );
    if (listing) return listing;
    throw new OrgConnectionsError(
      "incomplete-listing",
      {
        happened:
          `The list of connections of ${this.messageContext.label} could not be read completely: its rows do not ` +
          `match its total, it has too many pages, or it changed during each attempt. The list was not used.`,
        advice: "Run the command again.",
      },
      { call: "GET /api/v2/org_connections" },
    );
  }

  /**
   * Creates a connection whose source is the caller. Without types (as in the beta of cross-organization
   * visibility), Datadog chooses them.
   */
  async create(sinkOrgId: string, connectionTypes?: readonly string[]): Promise<Connection> {
    const body = {
      data: {
        type: "org_connection",
        attributes: connectionTypes && { connection_types: connectionTypes },
        relationships: { sink_org: { data: { type: "orgs", id: sinkOrgId } } },
      },
    };
    return this.call({ route: "createConnection", body }, parseConnection);
  }

  /** Sets the types of a connection. Only the source organization may do this. The response has no names. */
  async update(connectionId: string, connectionTypes: readonly string[]): Promise<Connection> {
    const attributes = { connection_types: connectionTypes };
    const body = { data: { type: "org_connection", id: connectionId, attributes } };
    return this.call({ route: "updateConnection", connectionId, body }, parseConnection);
  }

  /** Deletes a connection. Either organization may do this. Throws `not-found` if it does not exist. */
  async delete(connectionId: string): Promise<void> {
    await this.call({ route: "deleteConnection", connectionId }, parseEmptyObject);
  }

  /** Lists the organizations of the caller's account. Needs `org_management` or `org_connections_write`. */
  async listOrganizations(): Promise<VisibleOrganizations> {
    return this.call({ route: "listOrganizations" }, parseOrganizations);
  }

  /** Sends a request, with further attempts as the policy allows, and parses the response. */
  private async call<T>(request: Request, parse: (body: unknown, headers: Headers) => T): Promise<T> {
    const { method } = routes[request.route];
    const policy = { ...defaultRetryPolicy, ...this.options.retry };
    const { now } = this.clock;
    let startedAt: number | undefined;
    // The timeout starts with the first attempt, because the wait in the queue behind a thousand other
    // requests can be long. It includes the wait for a server that only sends 429.
    const getMaxWaitMs = () =>
      startedAt === undefined
        ? policy.callTimeoutMs - this.limiter.getRateLimitedMs()
        : startedAt + policy.callTimeoutMs - now();
    let failed: FailedAttempt | undefined;
    for (let attempt = 1; ; attempt++) {
      const result = await this.runLimited(request, failed, getMaxWaitMs, async () => {
        // With no time left, a create would time out immediately and needlessly have an unknown outcome.
        if (failed && getMaxWaitMs() <= 0) throw failed.createError();
        startedAt ??= now();
        return this.sendOnce(request, attempt, getMaxWaitMs());
      });
      if ("response" in result) return this.parseResponse(request, result.response, parse);
      failed = result;
      const decision = decideRetry({
        method,
        failure: failed.failure,
        attempt,
        elapsedMs: now() - (startedAt ?? 0),
        random: (this.options.random ?? Math.random)(),
        policy,
      });
      if (!decision.retry) throw failed.createError();
      // A 429 with a reset time has paused the limiter for all requests, so the wait happens there.
      if (!hasResetTime(failed.failure)) await this.wait(decision.delayMs, failed.failure);
    }
  }

  /** Runs an attempt when the rate limit permits it. `failed` is the previous attempt. */
  private async runLimited<T>(
    request: Request,
    failed: FailedAttempt | undefined,
    getMaxWaitMs: () => number,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await this.limiter.run(work, getMaxWaitMs);
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      // After any failure other than a 429, the write may have taken effect. Only the error of that failure reports this.
      throw failed && !isRateLimited(failed.failure)
        ? failed.createError()
        : createRateLimitError(this.messageContext, request, error.retryAfterMs, failed !== undefined);
    }
  }

  /** Sends one attempt, which may take until the timeout of the request or of the call, whichever ends first. */
  private async sendOnce(request: Request, attempt: number, remainingMs: number): Promise<AttemptResult> {
    if (routes[request.route].method !== "GET") await this.options.beforeWrite?.();
    const timeoutMs = Math.max(1, Math.min(this.options.requestTimeoutMs ?? 30_000, remainingMs));
    try {
      const response = await this.send(request, Math.round(timeoutMs));
      const { status, headers } = response;
      this.limiter.recordResponse(status, parseRateLimit(headers));
      if (status !== SUCCESS_STATUS) {
        return {
          failure: { kind: "status", status, headers },
          createError: () => createStatusError(this.messageContext, request, response),
        };
      }
      if (!isTruncated(response)) return { response };
      return {
        failure: { kind: "no-response", transient: true },
        createError: () => createTruncatedResponseError(this.messageContext, request, response, attempt),
      };
    } catch (error) {
      if (!(error instanceof NoResponseError)) throw error;
      return {
        failure: { kind: "no-response", transient: isTransient(error) },
        createError: () => createNetworkError(this.messageContext, request, error, attempt),
      };
    }
  }

  /** Reports a delay before the next attempt, and waits. */
  private async wait(ms: number, failure: AttemptFailure): Promise<void> {
    const reason =
      failure.kind === "status"
        ? `Datadog responded with status ${failure.status}`
        : "the network connection failed";
    this.options.onWait?.({ ms, label: this.messageContext.label, reason });
    await this.clock.sleep(ms);
  }

  /** Parses a response. @throws `unexpected-response` */
  private parseResponse<T>(
    request: Request,
    response: ApiResponse,
    parse: (body: unknown, headers: Headers) => T,
  ): T {
    try {
      return parse(parseJson(response.text), response.headers);
    } catch {
      throw createUnexpectedResponseError(this.messageContext, request, response);
    }
  }
}

const isRateLimited = (failure: AttemptFailure): boolean =>
  failure.kind === "status" && failure.status === 429;

function hasResetTime(failure: AttemptFailure): boolean {
  return (
    failure.kind === "status" &&
    isRateLimited(failure) &&
    parseRateLimit(failure.headers).resetSeconds !== undefined
  );
}
