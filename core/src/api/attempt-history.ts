import { addRejection } from "./failures.js";
import type { OrgConnectionsError } from "./org-connections-error.js";
import type { AttemptFailure } from "./retry.js";

/** An attempt that failed. */
export interface FailedAttempt {
  failure: AttemptFailure;
  /** What happened, reported as the reason for the wait before the next attempt. */
  reason: string;
  /** Creates the error of this attempt, which is thrown only if the whole call fails: see {@link AttemptHistory.createError}. */
  createError: () => OrgConnectionsError;
  /** Whether the response is a 401, another access token may be accepted, and the request is safe to send again. */
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
   * Creates the error of the call: that of the decisive attempt, or of the last attempt if none is decisive. If the API rejected the
   * last attempt after a decisive one, the error names both failures.
   */
  createError(last: FailedAttempt): OrgConnectionsError {
    if (!this.decisive) return last.createError();
    const error = this.decisive.createError();
    return isRejected(last) ? addRejection(error, last.createError()) : error;
  }
}

/**
 * Whether the error of this attempt must be the error of the call, because the attempt may have taken effect: the request may have been
 * sent, and the response is neither a 429 nor a rejection by the API. A 404 is decisive too: the connection (for a create: the destination)
 * does not exist, whatever an earlier attempt did.
 */
const isDecisive = (attempt: FailedAttempt): boolean =>
  !isRateLimited(attempt.failure) && !attempt.isUnsent && !isRejected(attempt);

/**
 * Whether the API itself rejected the request, so that this attempt changed nothing. If an intermediary sent the response, it may have
 * forwarded the request before. A 404 is not a rejection: see {@link isDecisive}.
 */
const isRejected = ({ failure, isFromApi }: FailedAttempt): boolean =>
  failure.kind === "status" && [400, 401, 403, 409].includes(failure.status) && isFromApi === true;

/** Whether the response was a 429. */
export const isRateLimited = (failure: AttemptFailure): boolean =>
  failure.kind === "status" && failure.status === 429;
