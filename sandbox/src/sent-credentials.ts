import type { IncomingHttpHeaders } from "node:http";

/** Where a request carries its credentials. A token or a proof in `Authorization` is in the headers, too. */
export type AuthLocation = "headers" | "query" | "none";

/**
 * What a request authenticates with: keys, a bearer token in the header `Authorization`, or there the proof of a workload
 * identity, each without the others. `mixed` is a token or a proof together with a key. A token in the header of the application
 * key counts as keys.
 */
export type CredentialKind = "keys" | "token" | "proof" | "mixed" | "none";

/** What a request sends to authenticate. Missing parts are empty. */
export interface SentCredentials {
  auth: AuthLocation;
  credentials: CredentialKind;
  apiKey: string;
  appKey: string;
  token: string;
  proof: string;
}

/**
 * Reads the credentials of a request. Keys are in headers (OpenAPI specification) or in query parameters
 * (https://docs.datadoghq.com/api/latest/org-connections/).
 */
export function readCredentials(headers: IncomingHttpHeaders, query: URLSearchParams): SentCredentials {
  const inHeaders = [getHeaderValue(headers["dd-api-key"]), getHeaderValue(headers["dd-application-key"])];
  const inQuery = [query.get("api_key") ?? "", query.get("application_key") ?? ""];
  const { authorization = "" } = headers;
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? "";
  const proof = /^Delegated (\S+)$/i.exec(authorization)?.[1] ?? "";
  const hasKeys = [...inHeaders, ...inQuery].some(Boolean);
  const kind = token !== "" ? "token" : proof !== "" ? "proof" : undefined;
  return {
    auth: kind !== undefined || inHeaders.some(Boolean) ? "headers" : hasKeys ? "query" : "none",
    credentials: kind === undefined ? (hasKeys ? "keys" : "none") : hasKeys ? "mixed" : kind,
    apiKey: inHeaders[0] || inQuery[0] || "",
    appKey: inHeaders[1] || inQuery[1] || "",
    token,
    proof,
  };
}

function getHeaderValue(header: string | string[] | undefined): string {
  return typeof header === "string" ? header : "";
}
