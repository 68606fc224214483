import type { Identity } from "./identity.js";

/** Where requests carry keys. The API also documents `query`, but query parameters appear in access logs. */
export type KeyLocation = "headers" | "query";

/** An API key and an application key. */
export interface KeyPair {
  kind: "keys";
  apiKey: string;
  appKey: string;
  location: KeyLocation;
}

/**
 * An access token of a user or a service account, which replaces both keys:
 * https://docs.datadoghq.com/account_management/service-access-tokens/
 */
interface BearerToken {
  kind: "token";
  token: string;
}

/** The identity of the workload, which Datadog exchanges for an access token of one organization. */
interface WorkloadIdentity {
  kind: "identity";
  identity: Identity;
  /** The UUID of the organization that the token is issued for. */
  organizationId: string;
}

/** How the requests of an organization authenticate. Contains credentials: never print it. */
export type Authentication = KeyPair | BearerToken | WorkloadIdentity;

/** An API key without an application key, to validate it. */
export interface ApiKeyOnly {
  kind: "api-key";
  apiKey: string;
  location: KeyLocation;
}

/**
 * Builds the headers of a request. With a token, a request has no API key or application key, which Datadog could use instead
 * of the token.
 */
export function buildAuthHeaders(authentication: Authentication | ApiKeyOnly): Record<string, string> {
  if (authentication.kind === "token") return { Authorization: `Bearer ${authentication.token}` };
  if (authentication.location === "query") return {};
  return {
    "DD-API-KEY": authentication.apiKey,
    ...(authentication.kind === "keys" && { "DD-APPLICATION-KEY": authentication.appKey }),
  };
}

/** Builds the query parameters of a request. Returns `undefined` for most requests: only keys can be in the query. */
export function buildAuthQuery(
  authentication: Authentication | ApiKeyOnly,
): Record<string, string> | undefined {
  if (authentication.kind === "token" || authentication.location === "headers") return undefined;
  return {
    api_key: authentication.apiKey,
    ...(authentication.kind === "keys" && { application_key: authentication.appKey }),
  };
}

/** Lists the secrets of an organization: for redaction, and to compare credentials. */
export function listSecrets(authentication: Authentication): string[] {
  return authentication.kind === "token"
    ? [authentication.token]
    : [authentication.apiKey, authentication.appKey];
}

/** Formats what authenticates the requests, for messages. */
export const formatKind = (kind: Authentication["kind"]): string =>
  kind === "token" ? "bearer token" : "keys";

/** Whose access token a string is, by its prefix. Returns `undefined` if it has none of the documented prefixes. */
export function findTokenOwner(text: string): "service account" | "person" | undefined {
  if (text.startsWith("ddsat_")) return "service account";
  return text.startsWith("ddpat_") ? "person" : undefined;
}

/** Whether an access token was set as the application key. Datadog accepts it there, and ignores the API key beside it. */
export const hasTokenAsKey = (authentication: Authentication): boolean =>
  authentication.kind === "keys" && findTokenOwner(authentication.appKey) !== undefined;

/** Returns the access token that Datadog uses, also if it was set as the application key. */
export function findToken(authentication: Authentication): string | undefined {
  if (authentication.kind === "token") return authentication.token;
  return hasTokenAsKey(authentication) ? authentication.appKey : undefined;
}
