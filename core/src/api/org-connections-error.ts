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

const NAME = "OrgConnectionsError";

/**
 * The one error of this package. Its message says what happened, for which organization and what to do next, and is
 * safe to print. Tell failures apart by `code`.
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

  /**
   * @param code - what kind of failure
   * @param text - what happened and what to do; the message is this and the code
   * @param facts - what a program may want to know of it
   */
  constructor(
    readonly code: ErrorCode,
    text: string,
    readonly facts: ErrorFacts = {},
  ) {
    // Names of programs and settings stand in it, and whoever chose them may not be who reads it.
    const printable = escapeInvisible(text);
    super(`${printable} [${code}]`);
    this.text = printable;
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
