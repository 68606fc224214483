import type { Identity } from "./identity.js";
import type { ErrorText } from "./org-connections-error.js";

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

interface SentKind<Sent extends SentAuthentication> {
  /** Builds the headers that contain the credentials. */
  buildHeaders: (sent: Sent) => Record<string, string>;
  /** Builds the query parameters that contain keys. Returns `undefined` if the headers contain the credentials. */
  buildQuery: (sent: Sent) => Record<string, string> | undefined;
}

type SentOf<K extends SentAuthentication["kind"]> = {
  [P in K]: Extract<SentAuthentication, { kind: P }> & { kind: P };
}[K];

/** A request with a token or a proof must not carry keys, because Datadog could use the keys instead. */
const SENT_KINDS: { [K in SentAuthentication["kind"]]: SentKind<SentOf<K>> } = {
  keys: {
    buildHeaders: ({ keyLocation, apiKey, appKey }) =>
      keyLocation === "query" ? {} : { "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey },
    buildQuery: ({ keyLocation, apiKey, appKey }) =>
      keyLocation === "headers" ? undefined : { api_key: apiKey, application_key: appKey },
  },
  token: {
    buildHeaders: ({ token }) => ({ Authorization: `Bearer ${token}` }),
    buildQuery: () => undefined,
  },
  proof: {
    buildHeaders: ({ proof }) => ({ Authorization: `Delegated ${proof}` }),
    buildQuery: () => undefined,
  },
  "api-key": {
    buildHeaders: ({ keyLocation, apiKey }) => (keyLocation === "query" ? {} : { "DD-API-KEY": apiKey }),
    buildQuery: ({ keyLocation, apiKey }) => (keyLocation === "headers" ? undefined : { api_key: apiKey }),
  },
};

export const buildAuthHeaders = <K extends SentAuthentication["kind"]>(
  sent: SentOf<K>,
): Record<string, string> => SENT_KINDS[sent.kind].buildHeaders(sent);

export const buildAuthQuery = <K extends SentAuthentication["kind"]>(
  sent: SentOf<K>,
): Record<string, string> | undefined => SENT_KINDS[sent.kind].buildQuery(sent);

/** What a message about refused credentials says about their organization. */
interface Refused {
  /** `organization "payments"` or `the default organization`. */
  label: string;
  /** The settings that contain the credentials of the organization: `DD_API_KEY and DD_APP_KEY`. */
  credentialsFrom: string;
  /** `https://api.datadoghq.com`. */
  baseUrl: string;
  /** Whether an access token is set as the application key. */
  hasTokenAsKey: boolean;
}

/** What requests and their errors need to know about one kind of credentials. */
interface CredentialKind<K extends CredentialKindName> {
  /** In messages: `bearer token`. */
  name: string;
  /** Lists the secrets in the settings, for redaction and comparison. */
  listSecrets: (authentication: AuthenticationOf<K>) => string[];
  /** Explains a response with status 401. */
  explainUnauthenticated: (refused: Refused) => ErrorText;
  /** Formats the first checks after a 403 without a known reason: the words between "Check that" and "the permissions". */
  formatChecks: (refused: Refused) => string;
  /** What to do about a missing permission. */
  grantAdvice: string;
}

export type CredentialKindName = Authentication["kind"];

/** The credentials of one kind. Without an argument, those of any kind. */
export type AuthenticationOf<K extends CredentialKindName = CredentialKindName> = {
  [P in K]: Extract<Authentication, { kind: P }> & { kind: P };
}[K];

/** What to do about a missing permission of an application key or a token. */
export const GRANT_PERMISSION =
  "Add it to the role of the owner of the application key or token, and to the scopes of this key or token, if it has scopes.";

/** What to do if an access token is set as the application key. */
export const MOVE_TOKEN =
  "The value of the application key is an access token: set it as the bearer token, and unset both keys.";

const keys: CredentialKind<"keys"> = {
  name: "keys",
  listSecrets: ({ apiKey, appKey }) => [apiKey, appKey],
  explainUnauthenticated: (refused) =>
    refused.hasTokenAsKey
      ? explainRefusedToken(
          refused,
          "keys",
          "the access token that is set as the application key",
          `${MOVE_TOKEN} `,
        )
      : {
          happened: `${formatRefused(refused, "keys")}: at least one of them is invalid.`,
          advice: `Check both keys, and check that ${refused.baseUrl} is the correct site for them.`,
        },
  formatChecks: (refused) =>
    refused.hasTokenAsKey
      ? formatTokenChecks(refused)
      : `both keys are valid on ${refused.baseUrl}, that the owner of the application key has`,
  grantAdvice: GRANT_PERMISSION,
};

const token: CredentialKind<"token"> = {
  name: "bearer token",
  listSecrets: (authentication) => [authentication.token],
  explainUnauthenticated: (refused) => explainRefusedToken(refused, "bearer token", "the token", ""),
  formatChecks: formatTokenChecks,
  grantAdvice: GRANT_PERMISSION,
};

const identity: CredentialKind<"identity"> = {
  name: "workload identity",
  listSecrets: () => [],
  explainUnauthenticated: ({ label, credentialsFrom }) => ({
    happened:
      `Datadog did not accept an access token of ${label}, which it had issued for the workload identity in ${credentialsFrom}: the ` +
      "token has expired or was revoked.",
    advice:
      "Run the command again. If the error persists, check in Datadog whether the account that the identity is mapped to is active.",
  }),
  formatChecks: () => "the account that the identity is mapped to is active and has",
  grantAdvice: "Add it to the role of the account that the identity is mapped to in Datadog.",
};

/** Each kind of credentials. Its settings are in `credentials/credential-kinds.ts`, its checks in diagnose-organization.ts of `doctor`. */
export const CREDENTIAL_KINDS: { [K in CredentialKindName]: CredentialKind<K> } = { keys, token, identity };

const formatRefused = ({ label, credentialsFrom }: Refused, name: string): string =>
  `Datadog did not accept the ${name} of ${label}, taken from ${credentialsFrom}`;

function explainRefusedToken(refused: Refused, name: string, tokenName: string, move: string): ErrorText {
  return {
    happened: `${formatRefused(refused, name)}: ${tokenName} is invalid, or it has expired or was revoked.`,
    advice:
      `${move}Check whether the token is listed in the access tokens of the organization in Datadog, and check that ${refused.baseUrl} is ` +
      "the site of the organization. If the token has expired or was revoked, create a new one and set it.",
  };
}

function formatTokenChecks({ baseUrl }: Refused): string {
  return `the token is valid on ${baseUrl}, that its scopes include`;
}

/**
 * Lists the secrets in the credentials of an organization, for redaction and comparison. An identity contains none. Its proofs and
 * access tokens are in `AccessTokens.listSecrets`.
 */
export const listSecrets = <K extends CredentialKindName>(authentication: AuthenticationOf<K>): string[] =>
  CREDENTIAL_KINDS[authentication.kind].listSecrets(authentication);

/** Whether requests carry access tokens for which proofs are exchanged, instead of credentials from the settings. */
export const isWorkloadIdentity = (authentication: Authentication): authentication is WorkloadIdentity =>
  authentication.kind === "identity";

/** Returns the organization for which Datadog issues the access tokens. Undefined for credentials without this exchange. */
export const getIdentityOrganization = (authentication: Authentication): string | undefined =>
  isWorkloadIdentity(authentication) ? authentication.organizationId : undefined;

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
  "appKey" in authentication && findTokenOwner(authentication.appKey) !== undefined;
