import { escapeInvisible } from "./invisible.js";
import type { ErrorCode } from "./error-codes.js";

/** What an error knows besides its message. Never a key, a header, a body or a request. */
export interface ErrorFacts {
  /** HTTP status, where there was an answer. */
  status?: number;
  /** `POST /api/v2/org_connections`, without host and query. */
  call?: string;
  /** The texts of the API's `errors`, keys blanked. */
  apiErrors?: readonly string[];
  /** Node's code of a failure below HTTP, such as `ECONNRESET`. */
  networkCode?: string;
  /** Seconds to wait, where the server said so. */
  retryAfterSeconds?: number;
  /** The input at fault. */
  property?: string;
}

/** The parts of a message, in the order in which they are printed. */
export interface ErrorText {
  /** What happened, and for which organization. */
  happened: string;
  /** What to do next. */
  advice?: string | undefined;
  /** What else the server has said, and which call it was. */
  detail?: string | undefined;
}

const NAME = "OrgConnectionsError";

/**
 * The one error of this package. Its message says what happened, for which organization and what to do next, and is
 * safe to print. Tell failures apart by `code`, and take what to do next from `advice`.
 *
 * It never has a field called `id`: the engine takes an error of create or update that has one for "created in
 * part" (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider).
 *
 * @example
 * try { await getOrganization({ name: "Payments" }); }
 * catch (error) { if (isOrgConnectionsError(error, "organization-unknown")) ... }
 */
export class OrgConnectionsError extends Error {
  override readonly name = NAME;
  /** The mark by which Pulumi prints an error of a program as its message alone, without a stack (its `RunError`). */
  readonly __pulumiRunError = true;
  /** The message without the code. */
  readonly text: string;
  /** What happened, without what to do next. */
  readonly happened: string;
  /** What to do next, where there is more to say than what happened. */
  readonly advice: string | undefined;
  /** What else the server has said, and which call it was. */
  readonly detail: string | undefined;

  /**
   * @param code - what kind of failure
   * @param text - what happened and what to do; the message is this and the code
   * @param facts - what a program may want to know of it
   */
  constructor(
    readonly code: ErrorCode,
    text: string | ErrorText,
    readonly facts: ErrorFacts = {},
  ) {
    // Names of programs and settings stand in it, and whoever chose them may not be who reads it.
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
    // Where it was thrown says nothing to its reader, and Pulumi prints the stack of an error that came by an output.
    this.stack = this.message;
  }
}

/**
 * Whether `error` is an {@link OrgConnectionsError}, of one of the given codes where any are given. Goes by the name,
 * not by the class: a program can hold two copies of a package.
 */
export function isOrgConnectionsError(error: unknown, ...codes: ErrorCode[]): error is OrgConnectionsError {
  if (!(error instanceof Error) || error.name !== NAME || !("code" in error)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}
