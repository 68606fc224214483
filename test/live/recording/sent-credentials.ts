import { listProofSecrets } from "../../../core/src/api/access-tokens.js";
import { readCredentials } from "../../../sandbox/src/sent-credentials.js";
import type { Exchange } from "../gateway/exchange.js";

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
