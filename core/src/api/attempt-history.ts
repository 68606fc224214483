import { addRejection } from "./failures.js";
import type { OrgConnectionsError } from "./org-connections-error.js";
import type { AttemptFailure } from "./retry.js";

/** An attempt that failed. */
export interface FailedAttempt {
  failure: AttemptFailure;
  /** What happened, as the reason of a wait before the next attempt. */
  reason: string;
  /** Creates its error, which is thrown only if the call fails: see {@link AttemptHistory.createError}. */
  createError: () => OrgConnectionsError;
  /** Whether the response is a 401, another access token may be accepted, and the request is safe to send again. */
  canRetryWithNewToken?: boolean;
  /** Whether the response has the messages of the API. Otherwise, an intermediary may have sent it. */
  isFromApi?: boolean;
  /** Whether the request was certainly not sent. */
  isUnsent?: boolean;
}

/** The failed attempts of one call. Its error must not hide that one of them may have taken effect. */
export class AttemptHistory {
  /** The last failed attempt. */
  last?: FailedAttempt;
  /** Whether the request may have been sent, in any of them. */
  wasSent = false;
  /** The last attempt that may have taken effect. Always undefined for a read. */
  uncertain?: FailedAttempt;

  /** @param isWrite - whether the request can change connections */
  constructor(private readonly isWrite: boolean) {}

  /** Adds the attempt that has just failed. */
  add(attempt: FailedAttempt): void {
    this.last = attempt;
    this.wasSent ||= attempt.isUnsent !== true;
    if (this.isWrite && mayHaveTakenEffect(attempt)) this.uncertain = attempt;
  }

  /**
   * Creates the error of the call: that of the last attempt, or of the attempt that may have taken effect, if there is one. If the
   * API has rejected the request since, the error names both failures.
   */
  createError(last: FailedAttempt): OrgConnectionsError {
    if (!this.uncertain) return last.createError();
    const error = this.uncertain.createError();
    return isRejected(last) ? addRejection(error, last.createError()) : error;
  }
}

/**
 * Whether the outcome of this attempt decides that of the call: the request may have been sent, and neither a 429 nor the API
 * rejected it. A 404 decides too: after it, the connection certainly does not exist, whatever an earlier attempt did.
 */
const mayHaveTakenEffect = (attempt: FailedAttempt): boolean =>
  !isRateLimited(attempt.failure) && !attempt.isUnsent && !isRejected(attempt);

/**
 * Whether the API itself rejected the request, so that this attempt changed nothing. An intermediary may have forwarded the request
 * before it responded. A 404 is not a rejection: see {@link mayHaveTakenEffect}.
 */
const isRejected = ({ failure, isFromApi }: FailedAttempt): boolean =>
  failure.kind === "status" && [400, 401, 403, 409].includes(failure.status) && isFromApi === true;

/** Whether the response was a 429. */
export const isRateLimited = (failure: AttemptFailure): boolean =>
  failure.kind === "status" && failure.status === 429;
