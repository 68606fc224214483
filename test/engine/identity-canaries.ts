/** Finds the credentials of workload identities, in any form in which they are sent. */
import { findCanaries } from "./canaries.js";

/** Marks what must not appear: a token of an issuer, an access token of the sandbox, and GitHub's request token. */
const PATTERNS = [
  /eyJ[\w-]{8,}\.eyJ[\w-]{8,}/g,
  /sandbox-access-token-[\w-]+/g,
  /sandbox-github-request-token/g,
];
/** Base64 that is long enough for a part of a proof. */
const BASE64 = /[A-Za-z0-9+/]{40,}={0,2}/g;
/** The body of the signed request in an AWS proof. */
const SIGNED_BODY = "Action=GetCallerIdentity";

/** Finds the credentials of identities in a string. Decodes Base64, because an AWS proof consists of it. */
export function findIdentityCanaries(text: string): string[] {
  const decoded = (text.match(BASE64) ?? []).map((part) => Buffer.from(part, "base64").toString("latin1"));
  const found = [text, ...decoded].flatMap((part) => [
    ...findCanaries(part),
    ...PATTERNS.flatMap((pattern) => part.match(pattern) ?? []),
  ]);
  const proofs = decoded.filter((part) => part.startsWith(SIGNED_BODY));
  return [...new Set([...found, ...proofs])].sort();
}
