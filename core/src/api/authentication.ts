import type { Identity } from "./identity.js";

/** Where requests carry keys. The API also documents `query`, but query parameters appear in access logs. */
export type KeyLocation = "headers" | "query";

/** An API key and an application key. */
export interface KeyPair {
  kind: "keys";
  apiKey: string;
  appKey: string;
  keyLocation: KeyLocation;
}

/**
 * An access token of a user or a service account, which replaces both keys:
 * https://docs.datadoghq.com/account_management/service-access-tokens/
 */
interface BearerToken {
  kind: "token";
  token: string;
}

/** Credentials that are stored in the settings. */
export type StoredAuthentication = KeyPair | BearerToken;

/** The identity of the workload, which Datadog exchanges for an access token of one organization. */
export interface WorkloadIdentity {
  kind: "identity";
  identity: Identity;
  /** The UUID of the organization that the token is issued for. */
  organizationId: string;
}

/** How the requests of an organization authenticate. Contains credentials: never print it. */
export type Authentication = StoredAuthentication | WorkloadIdentity;

/** What proves an identity. Only the exchange sends it. */
interface Proof {
  kind: "proof";
  proof: string;
}

/** An API key without an application key, to validate it. */
interface ApiKeyOnly {
  kind: "api-key";
  apiKey: string;
  keyLocation: KeyLocation;
}

/** What a request carries. An identity is not part of it: requests carry the access token that it was exchanged for. */
export type SentAuthentication = StoredAuthentication | Proof | ApiKeyOnly;

/**
 * Builds the headers of a request. With a token or a proof, a request has no API key or application key, which Datadog could
 * use instead of them.
 */
export function buildAuthHeaders(authentication: SentAuthentication): Record<string, string> {
  if (authentication.kind === "token") return { Authorization: `Bearer ${authentication.token}` };
  if (authentication.kind === "proof") return { Authorization: `Delegated ${authentication.proof}` };
  if (authentication.keyLocation === "query") return {};
  return {
    "DD-API-KEY": authentication.apiKey,
    ...(authentication.kind === "keys" && { "DD-APPLICATION-KEY": authentication.appKey }),
  };
}

/** Builds the query parameters of a request. Returns `undefined` for most requests: only keys can be in the query. */
export function buildAuthQuery(authentication: SentAuthentication): Record<string, string> | undefined {
  if (authentication.kind === "token" || authentication.kind === "proof") return undefined;
  if (authentication.keyLocation === "headers") return undefined;
  return {
    api_key: authentication.apiKey,
    ...(authentication.kind === "keys" && { application_key: authentication.appKey }),
  };
}

/**
 * Lists the secrets of an organization: for redaction, and to compare credentials. An identity contains none.
 * `AccessTokens.listSecrets` (access-tokens.ts) lists its proofs and access tokens.
 */
export function listSecrets(authentication: Authentication): string[] {
  switch (authentication.kind) {
    case "keys":
      return [authentication.apiKey, authentication.appKey];
    case "token":
      return [authentication.token];
    case "identity":
      return [];
  }
}

const KINDS: Record<Authentication["kind"], string> = {
  keys: "keys",
  token: "bearer token",
  identity: "workload identity",
};

/** Formats what authenticates the requests, for messages. */
export const formatKind = (kind: Authentication["kind"]): string => KINDS[kind];

/** Whose access token a string is, by its prefix. Returns `undefined` if it has none of the documented prefixes. */
export function findTokenOwner(text: string): "service account" | "person" | undefined {
  if (text.startsWith("ddsat_")) return "service account";
  return text.startsWith("ddpat_") ? "person" : undefined;
}

/** Whether an access token was set as the application key. Datadog accepts it there, and ignores the API key beside it. */
export const hasTokenAsKey = (authentication: Authentication): boolean =>
  authentication.kind === "keys" && findTokenOwner(authentication.appKey) !== undefined;

/** Returns the access token in the settings, also if it was set as the application key. Returns `undefined` if there is none. */
export function findToken(authentication: Authentication): string | undefined {
  if (authentication.kind === "token") return authentication.token;
  return authentication.kind === "keys" && hasTokenAsKey(authentication) ? authentication.appKey : undefined;
}
