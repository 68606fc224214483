import * as v from "valibot";
import type { Exchange } from "../gateway/exchange.js";
import { readCredentials } from "../../../sandbox/src/sent-credentials.js";
import { readQuery } from "./sent-credentials.js";

/** A workload identity of a run, by its proof. */
export interface FoundIdentity {
  /** Such as `identity-1`. */
  key: string;
  proof: string;
  /** The tokens that its proof was exchanged for. None if the proof is valid, but no user is mapped to it. */
  accessTokens: string[];
}

const tokenSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ data: v.object({ attributes: v.object({ access_token: v.string() }) }) }),
);

/** Parses the token in the response to an exchange. Returns `undefined` for another body. */
export function parseAccessToken(body: string): string | undefined {
  const parsed = v.safeParse(tokenSchema, body);
  return parsed.success ? parsed.output.data.attributes.access_token : undefined;
}

/** Reads the proof of an exchange of an identity. Returns an empty string for other requests. */
export const readProof = ({ requestHeaders, path }: Exchange): string =>
  readCredentials(requestHeaders, readQuery(path)).proof;

/**
 * Finds the identities of a run. A proof that is not valid (401) is none: why it is not valid decides about the response, and is not
 * known.
 */
export function findIdentities(exchanges: readonly Exchange[]): FoundIdentity[] {
  const identities = new Map<string, FoundIdentity>();
  for (const exchange of exchanges) {
    const proof = readProof(exchange);
    if (proof === "" || (exchange.status >= 300 && exchange.status !== 403)) continue;
    const key = `identity-${identities.size + 1}`;
    const identity = identities.get(proof) ?? { key, proof, accessTokens: [] };
    identities.set(proof, identity);
    const token = parseAccessToken(exchange.responseBody);
    if (token !== undefined) identity.accessTokens.push(token);
  }
  return [...identities.values()];
}
