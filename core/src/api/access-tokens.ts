import * as v from "valibot";
import { parseJson } from "../text/data.js";

/** An access token that Datadog has issued for an identity. */
export interface AccessToken {
  token: string;
  /** When it expires, in milliseconds since the epoch. */
  expiresAt: number;
}

/** The access tokens of one identity in one organization. The client calls `getToken` before each attempt. */
export interface AccessTokens {
  /**
   * Returns an access token that has not expired. If there is no token, or if it expires soon, exchanges a new proof of the
   * identity. After a refused exchange, there is no exchange for a minute.
   *
   * @throws the last error of obtaining or exchanging a proof, if there is no unexpired token. Examples: `identity-missing`,
   *   `identity-refused`
   */
  getToken(): Promise<string>;
  /**
   * Drops a token that Datadog did not accept (401), so that `getToken` does not return it again. Drops at most one token per
   * minute. Returns false if this token is kept for that reason.
   */
  dropToken(token: string): boolean;
  /** Lists the proofs and tokens that messages must not contain. */
  listSecrets(): readonly string[];
}

/** The lifetime of a token if the response has no valid `expires`: 15 minutes, as in Datadog's client for Go (linked below). */
const DEFAULT_LIFETIME_MS = 15 * 60_000;

/** Seconds since the epoch as a string, converted to milliseconds. */
const unixSeconds = v.pipe(
  v.string(),
  v.regex(/^\d{1,12}$/),
  v.transform((text) => Number(text) * 1000),
);

// The token is sent in a header, so it must be printable ASCII without spaces. Datadog's client for Go ignores an `expires` that it
// cannot parse: https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go
const responseSchema = v.object({
  data: v.object({
    attributes: v.object({
      access_token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)),
      expires: v.fallback(v.optional(unixSeconds), undefined),
    }),
  }),
});

/** Parses the response to an exchange. Throws valibot's error for another shape. */
export function parseAccessToken(body: unknown): AccessToken {
  const { access_token: token, expires } = v.parse(responseSchema, body).data.attributes;
  return { token, expiresAt: expires ?? Date.now() + DEFAULT_LIFETIME_MS };
}

/**
 * The parts of a proof that have at least this many characters count as secrets. Shorter parts, such as an organization's UUID, do
 * not.
 */
const MIN_SECRET_LENGTH = 64;

/** The headers of a signed AWS request in a proof. Each header has a list of values. */
const headersSchema = v.record(v.string(), v.array(v.string()));

/**
 * Lists the secrets in a proof: the whole proof and its long parts. A server may echo only one part. A proof is one of these:
 *
 * - a token, with or without a prefix or suffix: `oidc-<token>`, `<token>:<organization>`
 * - a signed AWS request: `a|b|c|d`. A server may decode the headers of this request, and echo the session token that they contain.
 */
export function listProofSecrets(proof: string): string[] {
  const split = proof.split(/[|:]/);
  const parts = [proof.replace(/^oidc-/, ""), ...split, ...split.flatMap(decodeHeaders)];
  return [...new Set([proof, ...parts.filter((part) => part.length >= MIN_SECRET_LENGTH)])];
}

/** Decodes a part of a proof from Base64, and returns its header values. Returns an empty array if the part contains no headers. */
function decodeHeaders(part: string): string[] {
  const headers = v.safeParse(headersSchema, parseJson(Buffer.from(part, "base64").toString()));
  return headers.success ? Object.values(headers.output).flat() : [];
}
