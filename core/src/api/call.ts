import { type Access, type ApiResponse, type Request, hasInvalidJson, sendGet } from "./http.js";
import {
  RequestLimiter,
  RateLimitedError,
  RequestLimiters,
  parseRateLimit,
  parseRequestedDelay,
  type Headers,
} from "./limiter.js";
import {
  AttemptHistory,
  isRateLimited,
  type FailedAttempt,
  type AttemptSender,
  type AttemptSenders,
} from "./attempt.js";
import { describeNoResponse, isTransient, isUnsent, NoResponseError } from "./network.js";
import {
  createInvalidJsonError,
  isFromApi,
  createNetworkError,
  createRateLimitError,
  createStatusError,
  createUnexpectedResponseError,
} from "./failures.js";
import { parseJson } from "../text/data.js";
import { createMessageContext, type MessageContext } from "./message-context.js";
import { markNotSent } from "./org-connections-error.js";
import { defaultRetryPolicy, makeAttempts, type AttemptFailure, type RetryPolicy } from "./retry.js";
import { systemClock } from "./timers.js";
import { isWrite, routes, SUCCESS_STATUS } from "./routes.js";

/** A wait before an attempt, as a warning reports it. */
export interface Wait {
  ms: number;
  /** The organization: `organization "payments"`. */
  label: string;
  /** Why the wait is necessary: `Datadog responded with status 503`. */
  reason: string;
}

/** How calls are made. Only tests set `clock` and `random`. */
export interface CallOptions extends Access {
  /** For messages: `organization "payments"`. */
  label: string;
  /** For messages: `DD_API_KEY and DD_APP_KEY`, or `DD_BEARER_TOKEN`. */
  credentialsFrom: string;
  /** Whether `doctor` makes the calls, so that messages do not recommend it. */
  isDoctor?: boolean;
  /** Replaces values of {@link defaultRetryPolicy}. */
  retry?: Partial<RetryPolicy>;
  /** Timeout of one attempt, in milliseconds. @default 30,000 */
  requestTimeoutMs?: number;
  /** Maximum concurrent requests of one limiter (see {@link createLimiter}). @default 32 */
  maxConcurrent?: number;
  /** Called before a wait. Requests that wait for the same reset of the rate limit are reported once. */
  onWait?: (wait: Wait) => void;
  /** Called before each attempt of a create, update or delete. Throws if the request must not be sent. */
  beforeWrite?: (() => Promise<void>) | undefined;
  /** @default {@link systemClock} */
  clock?: { now: () => number; sleep: (ms: number) => Promise<void> };
  /** Returns a random number from 0 up to, but not including, 1. @default `Math.random` */
  random?: () => number;
}

/** Creates a limiter for requests of one organization. */
export const createLimiter = ({ maxConcurrent, clock, onWait, label }: CallOptions): RequestLimiter =>
  new RequestLimiter(maxConcurrent ?? 32, clock ?? systemClock, (ms) =>
    onWait?.({ ms, label, reason: "its rate limit is exhausted" }),
  );

type AttemptResult = { response: ApiResponse; failure?: never } | FailedAttempt;

/** Makes the calls for one organization, within the rate limit and the timeouts. Each call has one or more attempts. */
export class ApiCalls {
  private readonly messageContext: MessageContext;
  private readonly clock: NonNullable<CallOptions["clock"]>;
  private readonly limiters: RequestLimiters;

  constructor(
    private readonly options: CallOptions,
    private readonly senders: AttemptSenders,
    limiter = createLimiter(options),
  ) {
    this.limiters = new RequestLimiters(limiter, () => createLimiter(options));
    this.messageContext = createMessageContext(options, () => senders.listSecrets());
    this.clock = options.clock ?? systemClock;
  }

  /** Sends a request and parses the response. After a failure, follows the retry policy. @throws `OrgConnectionsError` */
  async send<T>(request: Request, parse: (body: unknown, headers: Headers) => T): Promise<T> {
    const policy = { ...defaultRetryPolicy, ...this.options.retry };
    const { now } = this.clock;
    let startedAt: number | undefined;
    // The timeout starts with the first attempt, because the wait behind a thousand queued requests can be long. Before the first
    // attempt, only the wait for the rate limit has a maximum. The maximum is the timeout minus the time since the rate
    // limit was reached, even if an earlier call reached it: see `RequestLimiter.getRateLimitedMs`.
    const getMaxWaitMs = () =>
      startedAt === undefined
        ? policy.callTimeoutMs - this.limiters.getLimiter(request.route).getRateLimitedMs()
        : startedAt + policy.callTimeoutMs - now();
    const history = new AttemptHistory(isWrite(request.route));
    const sendAttempt = async (attempt: number) => {
      const result = await this.runLimited(request, history, getMaxWaitMs, async () => {
        // With no time left, another attempt would time out immediately, and the outcome of a write would needlessly be unknown.
        // The first attempt always has time, because it starts the timeout of the call.
        if (history.last && getMaxWaitMs() <= 0) throw history.last.createError();
        startedAt ??= now();
        const sender = await this.openSender(getMaxWaitMs);
        return this.sendOnce(request, sender, attempt, getMaxWaitMs());
      });
      if (result.failure) history.add(result);
      return result;
    };
    let hasRetriedWithNewToken = false;
    const result = await makeAttempts<AttemptResult>(
      async (attempt) => {
        const first = await sendAttempt(attempt);
        if (!first.failure || !first.canRetryWithNewToken || hasRetriedWithNewToken) return first;
        hasRetriedWithNewToken = true;
        // The attempt with the new token does not count: see `RetryPolicy.maxAttempts`.
        return sendAttempt(attempt);
      },
      {
        route: request.route,
        policy,
        random: this.options.random ?? Math.random,
        // `startedAt` is always set here, because an attempt was made.
        getElapsedMs: () => now() - (startedAt ?? 0),
        wait: async (ms, failed) => {
          // A 429 that requests a delay has paused the limiter of the call, so the wait happens there.
          if (failed.failure && !hasPausedLimiter(failed.failure)) await this.wait(ms, failed.reason);
        },
      },
    );
    if (result.failure) throw history.createError(result);
    return this.parseResponse(request, result.response, parse);
  }

  private async runLimited<T>(
    request: Request,
    history: AttemptHistory,
    getMaxWaitMs: () => number,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      const limiter = this.limiters.getLimiter(request.route);
      return await limiter.run(work, getMaxWaitMs, { isRetry: history.last !== undefined });
    } catch (error) {
      // The error of an attempt that was not sent must not hide that an earlier attempt may have taken effect.
      if (history.decisive) throw history.decisive.createError();
      if (!(error instanceof RateLimitedError)) throw error;
      throw createRateLimitError(this.messageContext, request, error.retryAfterMs, history.mayHaveBeenSent);
    }
  }

  /** Opens the sender of an attempt. For a workload identity, this may include an exchange, which makes its own attempts. */
  private async openSender(getMaxWaitMs: () => number): Promise<AttemptSender> {
    try {
      return await this.senders.open(getMaxWaitMs);
    } catch (error) {
      throw markNotSent(
        error instanceof NoResponseError
          ? createNetworkError(this.messageContext, { route: "exchangeToken" }, error, 1)
          : error,
      );
    }
  }

  /** Sends one attempt. Its timeout is the timeout of a request or the remaining time of the call, whichever is shorter. */
  private async sendOnce(
    request: Request,
    sender: AttemptSender,
    attempt: number,
    remainingMs: number,
  ): Promise<AttemptResult> {
    if (isWrite(request.route)) await this.options.beforeWrite?.();
    const timeoutMs = Math.max(1, Math.min(this.options.requestTimeoutMs ?? 30_000, remainingMs));
    try {
      const response = await sender.send(request, Math.round(timeoutMs));
      const { status, headers } = response;
      this.limiters.recordResponse(request.route, status, parseRateLimit(headers));
      if (status !== SUCCESS_STATUS) {
        return {
          failure: { kind: "status", status, headers },
          reason: `Datadog responded with status ${status}`,
          createError: () => createStatusError(this.messageContext, request, response),
          canRetryWithNewToken: status === 401 && sender.dropToken() && isSafeToRepeat(request, response),
          isFromApi: isFromApi(response),
        };
      }
      if (!hasInvalidJson(response)) return { response };
      return {
        failure: { kind: "no-response", transient: true },
        reason: "the JSON in the response was invalid",
        createError: () => createInvalidJsonError(this.messageContext, request, response, attempt),
      };
    } catch (error) {
      if (!(error instanceof NoResponseError)) throw error;
      return {
        failure: { kind: "no-response", transient: isTransient(error) },
        reason: describeNoResponse(error),
        createError: () => createNetworkError(this.messageContext, request, error, attempt),
        isUnsent: isUnsent(error),
      };
    }
  }

  private async wait(ms: number, reason: string): Promise<void> {
    this.options.onWait?.({ ms, label: this.messageContext.label, reason });
    await this.clock.sleep(ms);
  }

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

/**
 * Whether it is safe to send a request again after this 401. A 401 from the API proves that the request was not processed. But an
 * intermediary may send a 401 after the API has processed a create. A repeated create would then fail with a conflict.
 */
const isSafeToRepeat = ({ route }: Request, response: ApiResponse): boolean =>
  routes[route].method !== "POST" || isFromApi(response);

/** Whether an attempt has paused the limiter of its call: the response is a 429 that requests a delay. */
function hasPausedLimiter(failure: AttemptFailure): boolean {
  return (
    failure.kind === "status" &&
    isRateLimited(failure) &&
    parseRequestedDelay(failure.status, failure.headers) !== undefined
  );
}

/** A response with any status. Without a complete response, the error code of Node, axios or http.ts. */
export type JsonResult =
  | {
      status: number;
      /** The parsed body, or `undefined` if the body is not JSON. */
      body: unknown;
    }
  | { networkCode: string };

/** The attempts to read JSON: at most three, 0.5 and 1 s after a failure, whatever delay the server requests. */
const READ_POLICY = { maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 1000 };

/**
 * Reads JSON from an address that is not the Datadog API, such as the issuer of a token. After a failure that may be
 * transient, the request is sent again, at most twice. Redirects are not followed, because they could send a credential in the headers
 * to another address.
 *
 * @param timeoutMs - the timeout of all attempts and delays together
 */
export async function getJson(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<JsonResult> {
  const startedAt = systemClock.now();
  const getElapsedMs = () => systemClock.now() - startedAt;
  const result = await makeAttempts<ReadResult>(
    () => readOnce(url, headers, Math.max(1, Math.ceil(timeoutMs - getElapsedMs()))),
    {
      route: undefined,
      policy: { ...READ_POLICY, callTimeoutMs: timeoutMs },
      random: () => 1,
      getElapsedMs,
      wait: (ms) => systemClock.sleep(ms),
    },
  );
  return result.response
    ? { status: result.response.status, body: parseJson(result.response.text) }
    : { networkCode: result.networkCode };
}

type ReadResult =
  | { response: ApiResponse; failure?: AttemptFailure }
  | { response?: never; failure: AttemptFailure; networkCode: string };

async function readOnce(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<ReadResult> {
  try {
    const response = await sendGet(url, headers, timeoutMs);
    const { status } = response;
    return status === SUCCESS_STATUS
      ? { response }
      : { response, failure: { kind: "status", status, headers: {} } };
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    return { failure: { kind: "no-response", transient: isTransient(error) }, networkCode: error.cause };
  }
}
