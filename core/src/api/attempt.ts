import { rephraseError, type OrgConnectionsError } from "./org-connections-error.js";
import type { AttemptFailure } from "./retry.js";
import type { AccessTokens } from "./access-tokens.js";
import type { SentAuthentication } from "./authentication.js";
import { createSender, type Sender } from "./http.js";
import { NoResponseError, TIMED_OUT } from "./network.js";
import { runWithin } from "./timers.js";

/** An attempt that failed. */
export interface FailedAttempt {
  failure: AttemptFailure;
  /** What happened, reported as the reason for the wait before the next attempt. */
  reason: string;
  /** Creates the error of this attempt, which is thrown only if the whole call fails: see {@link AttemptHistory.createError}. */
  createError: () => OrgConnectionsError;
  /** Whether the response is a 401, and another attempt with another access token is safe and may succeed. */
  canRetryWithNewToken?: boolean;
  /** Whether the response has error messages in the format of the API. Otherwise, an intermediary may have sent it. */
  isFromApi?: boolean;
  /** Whether the request was certainly not sent. */
  isUnsent?: boolean;
}

/** The failed attempts of one call. The error of the call must not hide that an attempt may have taken effect. */
export class AttemptHistory {
  /** The last failed attempt. */
  last?: FailedAttempt;
  /** Whether any attempt may have been sent. */
  mayHaveBeenSent = false;
  /** The last decisive attempt: see {@link isDecisive}. Always undefined for a read. */
  decisive?: FailedAttempt;

  /** @param isWrite - whether the request can change connections */
  constructor(private readonly isWrite: boolean) {}

  /** Adds the attempt that has just failed. */
  add(attempt: FailedAttempt): void {
    this.last = attempt;
    this.mayHaveBeenSent ||= attempt.isUnsent !== true;
    if (this.isWrite && isDecisive(attempt)) this.decisive = attempt;
  }

  /**
   * Creates the error of the call. It is the error of the decisive attempt or, if no attempt is decisive, of the last attempt. If
   * the API rejected the last attempt, the error of the decisive attempt also names the rejection.
   */
  createError(last: FailedAttempt): OrgConnectionsError {
    if (!this.decisive) return last.createError();
    const error = this.decisive.createError();
    return isRejected(last) ? addRejection(error, last.createError()) : error;
  }
}

/** Adds the rejection of the last attempt to the error of an earlier attempt, which may have taken effect. */
function addRejection(error: OrgConnectionsError, rejection: OrgConnectionsError): OrgConnectionsError {
  const details = [error.detail, rejection.detail].filter((detail) => detail !== undefined);
  return rephraseError(error, {
    happened: `${error.happened} The last attempt was rejected: ${rejection.happened}`,
    advice: rejection.advice ?? error.advice,
    detail: details.join(" "),
  });
}

/**
 * Whether the error of this attempt must be the error of the call, because the attempt may have taken effect. An attempt is not
 * decisive in these cases, because it had no effect:
 *
 * - The request was not sent.
 * - The response is a 429.
 * - The API rejected the request: see {@link isRejected}.
 *
 * A 404 from the API had no effect either, but is decisive: it shows that the connection, or the destination of a create, does not
 * exist, whatever an earlier attempt did. A 404 from an intermediary may have had an effect.
 */
const isDecisive = (attempt: FailedAttempt): boolean =>
  !isRateLimited(attempt.failure) && !attempt.isUnsent && !isRejected(attempt);

/**
 * Whether the API rejected the request, so that this attempt changed nothing. If an intermediary sent the response, the API may
 * have processed the request. A 404 is not a rejection: see {@link isDecisive}.
 */
const isRejected = ({ failure, isFromApi }: FailedAttempt): boolean =>
  failure.kind === "status" && [400, 401, 403, 409].includes(failure.status) && isFromApi === true;

/** Whether the response was a 429. */
export const isRateLimited = (failure: AttemptFailure): boolean =>
  failure.kind === "status" && failure.status === 429;

/** Sends the request of one attempt. */
export interface AttemptSender {
  send: Sender;
  /**
   * Drops the access token of this attempt after a 401. Returns whether an attempt with another token may succeed. With
   * {@link createFixedSenders}, drops nothing and returns false.
   */
  dropToken(): boolean;
}

/** Opens the sender of each attempt. */
export interface AttemptSenders {
  /**
   * Opens the sender of an attempt.
   *
   * @param getMaxWaitMs - returns the remaining time of the call, in milliseconds, which limits the wait for an access token
   * @throws {@link NoResponseError} if there is no token in time, and the errors of `AccessTokens.getToken`
   */
  open(getMaxWaitMs: () => number): Promise<AttemptSender>;
  /** Lists the secrets that messages must not contain. */
  listSecrets(): readonly string[];
}

/**
 * Creates the senders of requests that all carry the same credentials.
 *
 * @param secrets - what messages must not contain
 */
export function createFixedSenders(
  baseUrl: string,
  authentication: SentAuthentication,
  secrets: readonly string[],
): AttemptSenders {
  const sender = { send: createSender({ baseUrl, authentication }), dropToken: () => false };
  return { open: () => Promise.resolve(sender), listSecrets: () => secrets };
}

/** Creates the senders of requests that carry the current access token of an identity, and no other credentials. */
export function createTokenSenders(baseUrl: string, tokens: AccessTokens): AttemptSenders {
  let last: { token: string; send: Sender } | undefined;
  return {
    open: async (getMaxWaitMs) => {
      // `getToken` has no timeout: calls with different timeouts share an exchange.
      const token = await runWithin(
        getMaxWaitMs(),
        () => tokens.getToken(),
        () => new NoResponseError(TIMED_OUT),
      );
      // With no time left, a request would time out immediately, and the outcome of a write would needlessly be unknown.
      if (getMaxWaitMs() <= 0) throw new NoResponseError(TIMED_OUT);
      if (last?.token !== token) {
        last = { token, send: createSender({ baseUrl, authentication: { kind: "token", token } }) };
      }
      return { send: last.send, dropToken: () => tokens.dropToken(token) };
    },
    listSecrets: () => tokens.listSecrets(),
  };
}
