import type { Identity } from "./identity.js";

/**
 * Where requests carry keys. Query parameters appear in access logs. The documentation of the beta of
 * cross-organization visibility uses query parameters:
 * https://docs.datadoghq.com/account_management/org_settings/cross_org_visibility_api/
 */
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

/** The identity of the workload. Datadog exchanges its proof for an access token of one organization. */
export interface WorkloadIdentity {
  kind: "identity";
  identity: Identity;
  /** The UUID of the organization that the token is issued for. */
  organizationId: string;
}

/** How the requests of an organization authenticate. Contains credentials: never print it. */
export type Authentication = StoredAuthentication | WorkloadIdentity;

/** The proof of an identity. Only the exchange sends it. */
interface Proof {
  kind: "proof";
  proof: string;
}

/** An API key without an application key, to validate the API key. */
interface ApiKeyOnly {
  kind: "api-key";
  apiKey: string;
  keyLocation: KeyLocation;
}

/** The credentials that a request carries. For a workload identity, they are its proof or the access token. */
export type SentAuthentication = StoredAuthentication | Proof | ApiKeyOnly;

/**
 * Builds the headers that contain credentials. A request with a token or a proof must not carry keys, because Datadog could use the
 * keys instead.
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

/** Builds the query parameters that contain keys. Returns `undefined` if the headers contain the credentials. */
export function buildAuthQuery(authentication: SentAuthentication): Record<string, string> | undefined {
  if (authentication.kind === "token" || authentication.kind === "proof") return undefined;
  if (authentication.keyLocation === "headers") return undefined;
  return {
    api_key: authentication.apiKey,
    ...(authentication.kind === "keys" && { application_key: authentication.appKey }),
  };
}

/**
 * Lists the secrets in the credentials of an organization, for redaction and comparison. An identity contains none. Its proofs and
 * access tokens are in `AccessTokens.listSecrets`.
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

/** Formats the kind of credentials, for messages: `bearer token`. */
export const formatKind = (kind: Authentication["kind"]): string => KINDS[kind];

/**
 * Finds who owns an access token, by its prefix: https://docs.datadoghq.com/account_management/personal-access-tokens/. Returns
 * `undefined` if the string has none of the documented prefixes.
 */
export function findTokenOwner(text: string): "service account" | "person" | undefined {
  if (text.startsWith("ddsat_")) return "service account";
  return text.startsWith("ddpat_") ? "person" : undefined;
}

/**
 * Whether an access token is set as the application key. Datadog accepts it there, and ignores the API key:
 * https://docs.datadoghq.com/account_management/service-access-tokens/
 */
export const hasTokenAsKey = (authentication: Authentication): boolean =>
  authentication.kind === "keys" && findTokenOwner(authentication.appKey) !== undefined;

/** Finds the access token in the settings, even if it is set as the application key. Returns `undefined` if there is none. */
export function findToken(authentication: Authentication): string | undefined {
  if (authentication.kind === "token") return authentication.token;
  return authentication.kind === "keys" && hasTokenAsKey(authentication) ? authentication.appKey : undefined;
}
