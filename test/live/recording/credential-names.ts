import type { Exchange } from "../gateway/exchange.js";
import { readProof, type FoundIdentity } from "./identities.js";
import { UNKNOWN, type CredentialNames } from "./recording.js";
import { CREDENTIAL_PARTS, readParts } from "./sent-credentials.js";

/**
 * Names the credentials of a request instead of containing them. Returns `undefined` if a replay cannot send them: those of an
 * organization that no response shows, and invalid proofs.
 *
 * @param findKey - finds the key of the organization of a credential
 */
export function nameCredentials(
  exchange: Exchange,
  identities: readonly FoundIdentity[],
  findKey: (credential: string) => string | undefined,
): CredentialNames | undefined {
  const proof = readProof(exchange);
  if (proof !== "") {
    const identity = identities.find((one) => one.proof === proof);
    return identity && { proof: identity.key, location: "headers" };
  }
  const parts = readParts(exchange);
  if (!parts) return undefined;
  const namePart = (part: string, value: string): string => {
    const identity = identities.find(({ accessTokens }) => accessTokens.includes(value));
    if (identity) return `${identity.key}/token`;
    const key = findKey(value);
    return key === undefined ? UNKNOWN : `${key}/${part}`;
  };
  const names = CREDENTIAL_PARTS.flatMap((part): [string, string][] => {
    const value = parts[part];
    return value === undefined ? [] : [[part, namePart(part, value)]];
  });
  const isUnknown = names.some(([, name]) => name === UNKNOWN);
  // Unknown credentials are refused. If they were not, their organization is not known.
  if (isUnknown && exchange.status !== 401 && exchange.status !== 403) return undefined;
  return { ...Object.fromEntries(names), location: parts.location };
}
