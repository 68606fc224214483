import { setTimeout as delay } from "node:timers/promises";
import { OrgConnectionsError } from "./org-connections-error.js";
import {
  cutOffFailure,
  isCutOff,
  isTransient,
  noAnswerFailure,
  rateLimitFailure,
  statusFailure,
  unexpectedAnswer,
  type Caller,
} from "./failures.js";
import { Gate, GateClosedError } from "./gate.js";
import { createSend, NoAnswer, type Access, type Answer, type Request, type Send } from "./http.js";
import { json } from "./json.js";
import { listAll, type Listing } from "./paging.js";
import {
  parseConnection,
  parseNothing,
  parseOrganizations,
  parsePage,
  type Connection,
  type ManagedOrganizations,
} from "./parse.js";
import { rateLimitOf, type Headers } from "./rate-limit.js";
import { redactor } from "./redact.js";
import { decideRetry, defaultRetryPolicy, type RetryPolicy, type TryFailure } from "./retry.js";
import { routes, SUCCESS_STATUS } from "./routes.js";

/** What a client needs to know, and what tests may put in place of the world. */
export interface ClientOptions extends Access {
  /** For messages: `organization "payments"`. */
  label: string;
  /** For messages: `DD_API_KEY and DD_APP_KEY`. */
  keysFrom: string;
  retry?: Partial<RetryPolicy>;
  /** Bound of one try, in milliseconds. Default 30,000. */
  tryTimeoutMs?: number;
  /** Requests in flight at once. Default 32. */
  maxInFlight?: number;
  /** Told of every wait before it begins. */
  onWait?: (wait: { ms: number; label: string; because: string }) => void;
  /** Asked before every try of a create, change or deletion; throws when it must not be sent any more. */
  beforeWrite?: (() => Promise<void>) | undefined;
  clock?: { now: () => number; sleep: (ms: number) => Promise<void> };
  random?: () => number;
}

/** A try that failed: how, and the error for it. */
interface Failed {
  failure: TryFailure;
  error: () => OrgConnectionsError;
}
type Outcome = { answer: Answer } | Failed;

/**
 * The org connections API as seen by the keys of one organization. Every method throws an `OrgConnectionsError`.
 * Facts of the API: the product's API page and the published OpenAPI models.
 */
export class OrgConnectionsClient {
  private readonly send: Send;
  private readonly caller: Caller;
  private readonly gate: Gate;
  private readonly clock: NonNullable<ClientOptions["clock"]>;

  constructor(private readonly options: ClientOptions) {
    this.send = createSend(options);
    this.caller = {
      label: options.label,
      keysFrom: options.keysFrom,
      baseUrl: options.baseUrl,
      blank: redactor([options.apiKey, options.appKey]),
    };
    this.clock = options.clock ?? { now: () => performance.now(), sleep: (ms) => delay(ms) };
    this.gate = new Gate(options.maxInFlight ?? 32, this.clock, (ms) =>
      options.onWait?.({ ms, label: options.label, because: "its rate limit is used up" }),
    );
  }

  /**
   * Every connection in which the organization is source or sink. `proof: true` asks for a list on whose gaps one
   * may rely even when others change it meanwhile (paging.ts); it costs a little more above 1,000 rows.
   */
  async list(options: { proof?: boolean } = {}): Promise<Listing> {
    const listing = await listAll(
      (page) => this.call({ route: "listConnections", query: { ...page } }, parsePage),
      options,
    );
    if (listing) return listing;
    throw new OrgConnectionsError(
      "incomplete-listing",
      {
        happened:
          `The list of connections of ${this.caller.label} could not be read completely: rows are missing against its ` +
          `own total, or it changed each time while it was read. Nothing is concluded from it.`,
        advice: "Run the operation again.",
      },
      { call: "GET /api/v2/org_connections" },
    );
  }

  /** Creates a connection from the keys' organization. Without types the service chooses (the beta's form). */
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

  /** Sets the types of a connection. The answer carries no names. Only the source organization may. */
  async update(connectionId: string, connectionTypes: readonly string[]): Promise<Connection> {
    const attributes = { connection_types: connectionTypes };
    const body = { data: { type: "org_connection", id: connectionId, attributes } };
    return this.call({ route: "updateConnection", connectionId, body }, parseConnection);
  }

  /** Ends a connection. Either side may. A missing one is the error `not-found`. */
  async delete(connectionId: string): Promise<void> {
    await this.call({ route: "deleteConnection", connectionId }, parseNothing);
  }

  /** The calling organization and those of its account. Needs `org_management` or `org_connections_write`. */
  async organizations(): Promise<ManagedOrganizations> {
    return this.call({ route: "listOrganizations" }, parseOrganizations);
  }

  private async call<T>(request: Request, parse: (body: unknown, headers: Headers) => T): Promise<T> {
    const { method } = routes[request.route];
    const policy = { ...defaultRetryPolicy, ...this.options.retry };
    const { now } = this.clock;
    let begun: number | undefined;
    // Waiting in line for the first try is not on the budget: behind a thousand others it can take long. Waiting for a
    // server that only refuses is.
    const mayWaitMs = () =>
      begun === undefined ? policy.totalMs - this.gate.refusedMs() : begun + policy.totalMs - now();
    let failed: Failed | undefined;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.passGate(request, failed, mayWaitMs, async () => {
        // Cut off at once, a create would leave its outcome unknown for nothing.
        if (failed && mayWaitMs() <= 0) throw failed.error();
        begun ??= now();
        return this.tryOnce(request, attempt, mayWaitMs());
      });
      if ("answer" in outcome) return this.parsed(request, outcome.answer, parse);
      failed = outcome;
      const decision = decideRetry({
        method,
        failure: failed.failure,
        attempt,
        elapsedMs: now() - (begun ?? 0),
        random: (this.options.random ?? Math.random)(),
        policy,
      });
      if (!decision.retry) throw failed.error();
      // A refusal that says how long has closed the gate for all: the wait is there, once.
      if (!isClosedGate(failed.failure)) await this.wait(decision.delayMs, failed.failure);
    }
  }

  private async passGate<T>(
    request: Request,
    failed: Failed | undefined,
    mayWaitMs: () => number,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await this.gate.pass(work, mayWaitMs);
    } catch (error) {
      if (!(error instanceof GateClosedError)) throw error;
      // After another failure than a refusal a write may have been done: that error says so, and this one would not.
      throw failed && !isRefusal(failed.failure)
        ? failed.error()
        : rateLimitFailure(this.caller, request, error.closedMs);
    }
  }

  private async tryOnce(request: Request, attempt: number, leftMs: number): Promise<Outcome> {
    if (routes[request.route].method !== "GET") await this.options.beforeWrite?.();
    const timeoutMs = Math.max(1, Math.min(this.options.tryTimeoutMs ?? 30_000, leftMs));
    try {
      const answer = await this.send(request, Math.round(timeoutMs));
      const { status, headers } = answer;
      this.gate.note(status, rateLimitOf(headers));
      if (status !== SUCCESS_STATUS) {
        return {
          failure: { kind: "status", status, headers },
          error: () => statusFailure(this.caller, request, answer),
        };
      }
      if (!isCutOff(answer)) return { answer };
      return {
        failure: { kind: "no-answer", transient: true },
        error: () => cutOffFailure(this.caller, request, answer, attempt),
      };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return {
        failure: { kind: "no-answer", transient: isTransient(error) },
        error: () => noAnswerFailure(this.caller, request, error, attempt),
      };
    }
  }

  private async wait(ms: number, failure: TryFailure): Promise<void> {
    const because = failure.kind === "status" ? `Datadog answered ${failure.status}` : "the connection broke";
    this.options.onWait?.({ ms, label: this.caller.label, because });
    await this.clock.sleep(ms);
  }

  private parsed<T>(request: Request, answer: Answer, parse: (body: unknown, headers: Headers) => T): T {
    try {
      return parse(json(answer.text), answer.headers);
    } catch {
      throw unexpectedAnswer(this.caller, request, answer);
    }
  }
}

const isRefusal = (failure: TryFailure): boolean => failure.kind === "status" && failure.status === 429;

function isClosedGate(failure: TryFailure): boolean {
  return (
    failure.kind === "status" && isRefusal(failure) && rateLimitOf(failure.headers).resetSeconds !== undefined
  );
}
