import { addRefusal } from "./failures.js";
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
  /** The last attempt. */
  last?: FailedAttempt;
  /** Whether the request of one of them may have been sent. */
  wasSent = false;
  /** The last one that may have taken effect. Always undefined for a read. */
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
   * Creates the error of the call after its last attempt: that of the attempt that may have taken effect, if there is one. If the
   * API has refused the credentials since, the error names both failures.
   */
  createError(last: FailedAttempt): OrgConnectionsError {
    if (!this.uncertain) return last.createError();
    const error = this.uncertain.createError();
    return isRefused(last) ? addRefusal(error, last.createError()) : error;
  }
}

/** Whether the request may have been sent, and the response was not a 429 and not a refusal of the API. */
const mayHaveTakenEffect = (attempt: FailedAttempt): boolean =>
  !isRateLimited(attempt.failure) && !attempt.isUnsent && !isRefused(attempt);

/** Whether the API itself refused the credentials. An intermediary may have forwarded the request before it responded. */
const isRefused = ({ failure, isFromApi }: FailedAttempt): boolean =>
  failure.kind === "status" && [401, 403].includes(failure.status) && isFromApi === true;

/** Whether the response was a 429. */
export const isRateLimited = (failure: AttemptFailure): boolean =>
  failure.kind === "status" && failure.status === 429;
