import * as v from "valibot";
import { listProofSecrets } from "../../../core/src/api/access-tokens.js";
import { readCredentials } from "../../../sandbox/src/sent-credentials.js";
import type { Exchange } from "../gateway/gateway.js";
import { CALLER_PATH, parseCallerIds, parseCreated, parseRows } from "../probes/read-response.js";
import { type CredentialNames, UNKNOWN } from "./recording.js";

/** The names of a request's credentials. */
export const CREDENTIAL_PARTS = ["apiKey", "appKey", "token"] as const;

/** The credentials of a request, without the parts that it lacks. */
interface SentParts {
  apiKey?: string;
  appKey?: string;
  token?: string;
  location: "headers" | "query";
}

/** Reads the credentials of a request. Returns `undefined` for the proof of an identity. */
export function readParts({ requestHeaders, path }: Exchange): SentParts | undefined {
  const { proof, auth, apiKey, appKey, token } = readCredentials(requestHeaders, readQuery(path));
  if (proof !== "") return undefined;
  return {
    ...(apiKey !== "" && { apiKey }),
    ...(appKey !== "" && { appKey }),
    ...(token !== "" && { token }),
    location: auth === "query" ? "query" : "headers",
  };
}

/** Lists all credentials and proofs that the requests contain. */
export function listSentSecrets(exchanges: readonly Exchange[]): string[] {
  const sent = exchanges.flatMap(({ requestHeaders, path }) => {
    const { apiKey, appKey, token, proof } = readCredentials(requestHeaders, readQuery(path));
    return [apiKey, appKey, token, ...listProofSecrets(proof)];
  });
  return [...new Set(sent)].filter((secret) => secret !== "");
}

/** Reads the query of a path. */
export const readQuery = (path: string): URLSearchParams => new URLSearchParams(path.split("?")[1] ?? "");

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
const readProof = ({ requestHeaders, path }: Exchange): string =>
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

/**
 * Finds the organization of each credential, by what the API has returned for it.
 *
 * @returns the UUID in lower case, by credential; credentials that were always refused are missing
 */
export function findOwners(exchanges: readonly Exchange[]): Map<string, string> {
  const owners = new Map<string, string>();
  const candidates = new Map<string, Set<string>>();
  for (const exchange of exchanges) {
    const parts = readParts(exchange);
    if (!parts || exchange.status >= 300) continue;
    const values = CREDENTIAL_PARTS.flatMap((part) => parts[part] ?? []);
    const key = JSON.stringify(values);
    for (const ends of listPossibleCallers(exchange)) {
      const known = candidates.get(key);
      const left = new Set(known ? ends.filter((id) => known.has(id)) : ends);
      candidates.set(key, left);
      const [owner, ...others] = left;
      if (owner !== undefined && others.length === 0) for (const value of values) owners.set(value, owner);
    }
  }
  return owners;
}

/** Lists sets of organizations. The caller is one of each. */
function listPossibleCallers({ method, path, responseBody }: Exchange): string[][] {
  const [pathname = ""] = path.split("?");
  if (pathname === CALLER_PATH) return [parseCallerIds(responseBody)].filter((ids) => ids.length > 0);
  if (pathname !== "/api/v2/org_connections") return [];
  // Only the source creates.
  const rows = method === "POST" ? [parseCreated(responseBody)] : (parseRows(responseBody) ?? []);
  return rows.flatMap((row) => {
    if (row?.sourceOrgId === undefined) return [];
    if (method === "POST") return [[row.sourceOrgId]];
    return row.sinkOrgId === undefined ? [] : [[row.sourceOrgId, row.sinkOrgId]];
  });
}

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
