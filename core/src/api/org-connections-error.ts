import { escapeInvisible } from "../text/escape-text.js";
import type { ErrorCode } from "./error-codes.js";

/** Structured details of an error. They never contain a credential, or a complete request or response. */
export interface ErrorFacts {
  /**
   * HTTP status of the response that the error is about. For `pair-exists`, always 409, even if a preview check found the
   * connection. An error about several responses, such as `incomplete-listing`, has no status.
   */
  status?: number;
  /** `POST /api/v2/org_connections`, without host and query. */
  call?: string;
  /** The strings in the `errors` of the API's response, with the credentials redacted. */
  apiErrors?: readonly string[];
  /** Why there is no usable response, such as `ECONNRESET` or `TIMED_OUT`. */
  networkCode?: string;
  /** Seconds until another attempt may succeed, if responses of the server report them. */
  retryAfterSeconds?: number;
  /** The name of the invalid input. */
  property?: string;
}

/** The parts of a message, in the order in which they are printed. */
export interface ErrorText {
  /** What happened, and for which organization. */
  happened: string;
  /** What to do next. */
  advice?: string | undefined;
  /** Technical details: the API call if there is one, and the status or error that was received. */
  detail?: string | undefined;
}

const NAME = "OrgConnectionsError";

/**
 * The only error that a program gets from this package. Its message says what happened, for which organization, and what
 * to do next. The message is safe to print. Use `code` to distinguish failures.
 *
 * This error never has a field `id`. If an error of a create or update has an `id`, the engine treats it as a partial success
 * (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider).
 *
 * @example
 * try {
 *   await getOrganization({ name: "Payments" });
 * } catch (error) {
 *   if (isOrgConnectionsError(error, "organization-unknown")) console.error(error.message);
 *   else throw error;
 * }
 */
export class OrgConnectionsError extends Error {
  override readonly name = NAME;
  /** If a program fails with this error, Pulumi prints the error without a stack trace, like Pulumi's own `RunError`. */
  readonly __pulumiRunError = true;
  /** The message without the code. */
  readonly text: string;
  /** What happened. If there is no `advice`, this may also say what to do next. */
  readonly happened: string;
  /** What to do next. Undefined if the next step is obvious, or if `happened` contains it. */
  readonly advice: string | undefined;
  /** Technical details: the API call if there is one, and the status or error that was received. */
  readonly detail: string | undefined;

  /**
   * @param code - the kind of failure
   * @param text - what happened and what to do next; the message also contains the code
   * @param facts - details for programs
   */
  constructor(
    readonly code: ErrorCode,
    text: string | ErrorText,
    readonly facts: ErrorFacts = {},
  ) {
    // Escape names from programs and settings: someone else may have chosen them.
    const parts: ErrorText = typeof text === "string" ? { happened: text } : text;
    const [happened, advice, detail] = [parts.happened, parts.advice, parts.detail].map((part) =>
      part === undefined ? undefined : escapeInvisible(part),
    );
    const printable = [happened, advice, detail].filter((part) => part !== undefined).join(" ");
    super(`${printable} [${code}]`);
    this.text = printable;
    this.happened = happened ?? "";
    this.advice = advice;
    this.detail = detail;
    // If an output fails with this error, Pulumi prints the property `stack` of the error. A stack trace does not help the user.
    this.stack = this.message;
  }
}

/** Copies an error, with other text. */
export const rephraseError = (
  { code, happened, advice, detail, facts }: OrgConnectionsError,
  text: Partial<ErrorText>,
): OrgConnectionsError => new OrgConnectionsError(code, { happened, advice, detail, ...text }, facts);

/** The errors of {@link markNotSent}. No property: the error is public, and `facts.call` names the call that did fail. */
const notSent = new WeakSet<Error>();

/** Marks the error of a call whose request was not sent, because it got no access token. */
export function markNotSent<T>(error: T): T {
  if (error instanceof Error) notSent.add(error);
  return error;
}

/** Whether the request of the call that failed with this error was not sent: see {@link markNotSent}. */
export const wasNotSent = (error: Error): boolean => notSent.has(error);

/**
 * Whether `error` is an {@link OrgConnectionsError} with one of the given codes. If no codes are given, any code matches. The
 * function compares the name, not the class, because a program can contain two copies of this package.
 */
export function isOrgConnectionsError(error: unknown, ...codes: ErrorCode[]): error is OrgConnectionsError {
  if (!(error instanceof Error) || error.name !== NAME || !("code" in error)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}
