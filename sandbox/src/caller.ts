import type { IncomingHttpHeaders } from "node:http";
import type { RouteName } from "datadog-org-connections-core/api/routes.js";
import { applyGrant, refuseCaller, type Identified } from "./call.js";
import { identifyByAwsRequest } from "./identity/aws-request.js";
import { identifyByJwt } from "./identity/jwt.js";
import type { SandboxOrganization } from "./organizations.js";
import type { SandboxContext } from "./sandbox-context.js";
import { readCredentials, type SentCredentials } from "./sent-credentials.js";
import type { Store } from "./store.js";

/** Who sent a request, or the response that refuses it, and what the log contains about its credentials. */
export type Caller = Identified & {
  /** The log only gets their kind and location. */
  sent: SentCredentials;
};

/**
 * Finds the organization of a request's credentials: keys, a bearer token
 * (https://docs.datadoghq.com/account_management/service-access-tokens/), or the proof of a workload identity, which only the
 * exchange accepts.
 */
export async function identifyCaller(
  context: SandboxContext,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  route?: RouteName,
): Promise<Caller> {
  const sent = readCredentials(headers, query);
  const identified =
    route === "exchangeToken"
      ? await identifyWorkload(context, sent)
      : route === "validateApiKey"
        ? identifyByApiKey(context.store, sent)
        : identifyByCredentials(context.store, sent);
  return { sent, ...identified };
}

function identifyByApiKey(store: Store, { apiKey }: SentCredentials): Identified {
  // The response without a key is recorded. 403 for an unknown key is documented; its message is an assumption.
  if (!apiKey) return refuseCaller(403, "API key required");
  const organization = store.organizations.find((candidate) => candidate.apiKey === apiKey);
  return organization && !organization.disabled
    ? { organization, grant: {} }
    : refuseCaller(403, "Forbidden");
}

function identifyByCredentials(store: Store, sent: SentCredentials): Identified {
  const { credentials, apiKey, appKey, token, proof } = sent;
  const byToken = credentials === "mixed" ? undefined : findOrganizationByToken(store, sent);
  if (byToken) return { organization: byToken, grant: {} };
  // Assumptions: an unknown, expired or revoked token gets 401, and so does a token together with keys, which the documentation
  // does not mention. A proof is no token.
  if (token || proof) return refuseCaller(401, "Unauthorized");
  // Every call can return 401 for a missing key (OpenAPI specification). The message is an assumption.
  if (!apiKey || !appKey) return refuseCaller(401, "Unauthorized");
  const organization = store.organizations.find((candidate) => candidate.apiKey === apiKey);
  // Assumption: the keys of a disabled organization are refused like unknown keys.
  return organization?.appKey === appKey && !organization.disabled
    ? { organization, grant: {} }
    : refuseCaller(403, "Forbidden");
}

/** Finds the organization of a bearer token. An access token of the exchange acts as the user that its identity is mapped to. */
function findOrganizationByToken(
  store: Store,
  { token, appKey }: SentCredentials,
): SandboxOrganization | undefined {
  const enabled = store.organizations.filter(({ disabled }) => !disabled);
  const accessToken = store.findAccessToken(token);
  if (accessToken) {
    const organization = enabled.find(({ key }) => key === accessToken.organization);
    return organization && applyGrant(organization, accessToken);
  }
  // In the header of the application key, Datadog accepts a token too, and does not evaluate the API key (same page).
  // Assumption: not an access token of the exchange.
  const usedToken = token || appKey;
  return enabled.find(({ bearerToken }) => usedToken !== "" && bearerToken === usedToken);
}

const JWT = String.raw`[\w-]+\.[\w-]+\.[\w-]+`;
/** `oidc-` marks a token of an issuer that Datadog has no own support for. */
const JWT_PROOF = new RegExp(`^(?:oidc-)?(${JWT})$`);
const AZURE_PROOF = new RegExp(`^(${JWT}):([0-9a-f-]{36})$`, "i");

/**
 * Finds the organization that accepts the proof of a workload identity, and the user that the proof is mapped to. The forms of a
 * proof are those of Datadog's own clients: https://github.com/DataDog/datadog-api-client-go/tree/master/api/datadog
 *
 * Assumptions: 401 for a proof that is not valid, and for a proof together with a key; 403 for a valid one that is mapped to no
 * user. The messages contain the reason, which Datadog's may not.
 */
async function identifyWorkload(
  context: SandboxContext,
  { credentials, proof }: Pick<SentCredentials, "credentials" | "proof">,
): Promise<Identified> {
  if (credentials !== "proof") return refuseCaller(401, "Unauthorized");
  if (proof.includes("|")) return identifyByAwsRequest(context, proof);
  const [, jwt] = JWT_PROOF.exec(proof) ?? [];
  if (jwt !== undefined) return identifyByJwt(context, jwt);
  const [, azureToken, organizationId] = AZURE_PROOF.exec(proof) ?? [];
  if (azureToken !== undefined) return identifyByJwt(context, azureToken, organizationId);
  return refuseCaller(401, "Unauthorized: the proof has no known form");
}
