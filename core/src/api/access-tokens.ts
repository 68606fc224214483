import * as v from "valibot";
import { parseJson } from "./parse-json.js";

/** An access token that Datadog has issued for an identity. */
export interface AccessToken {
  token: string;
  /** When it expires, in milliseconds since the epoch. */
  expiresAt: number;
}

/** The access tokens of one identity in one organization. The client gets one for each attempt. */
export interface AccessTokens {
  /**
   * Returns an access token that has not expired. If there is none, or if it expires soon, this exchanges a new proof of the
   * identity, unless an exchange was refused a short time ago.
   *
   * @throws `OrgConnectionsError`, such as `identity-refused`
   */
  getToken(): Promise<string>;
  /**
   * Drops a token that Datadog did not accept (401), so that the next call of `getToken` returns another one. Returns false
   * if the token stays, because the last token was dropped a short time ago.
   */
  dropToken(token: string): boolean;
  /** Lists the proofs and tokens that messages must not contain. */
  listSecrets(): readonly string[];
}

/** The life of a token if the response does not contain it, as in Datadog's client for Go. */
const DEFAULT_LIFETIME_MS = 15 * 60_000;

const unixSeconds = v.pipe(
  v.string(),
  v.regex(/^\d{1,12}$/),
  v.transform((text) => Number(text) * 1000),
);

// Datadog's client for Go ignores an `expires` of another form:
// https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadog/delegated_auth.go
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

/** The minimum length of a part of a proof that is a secret. Shorter parts, such as an organization's UUID, are not. */
const MIN_SECRET_LENGTH = 64;

/** The headers of a signed AWS request, in a proof: each has a list of values. */
const headersSchema = v.record(v.string(), v.array(v.string()));

/**
 * Lists the secrets in a proof: itself, and its parts (`<token>:<organization>`, `oidc-<token>`, `a|b|c`), which a server may echo
 * without the rest. A server that decodes the headers of an AWS request may echo the session token.
 */
export function listProofSecrets(proof: string): string[] {
  const split = proof.split(/[|:]/);
  const parts = [proof.replace(/^oidc-/, ""), ...split, ...split.flatMap(decodeHeaders)];
  return [...new Set([proof, ...parts.filter((part) => part.length >= MIN_SECRET_LENGTH)])];
}

/** Decodes the headers in a part of a proof, and returns their values. Returns none if the part contains no headers. */
function decodeHeaders(part: string): string[] {
  const headers = v.safeParse(headersSchema, parseJson(Buffer.from(part, "base64").toString()));
  return headers.success ? Object.values(headers.output).flat() : [];
}
