import { listProofSecrets, type AccessToken } from "datadog-org-connections-core/api/access-tokens.js";
import { formatIdentityType } from "datadog-org-connections-core/api/identity.js";
import { createRedactor } from "datadog-org-connections-core/text/escape-text.js";
import { CREDENTIAL_KINDS } from "datadog-org-connections-core/api/authentication.js";
import { checkCreators, checkOrganization } from "./caller-checks.js";
import { createOk, type Check } from "./check.js";
import { checkExchange } from "./exchange-checks.js";
import { checkHost } from "./host-check.js";
import { checkIssuedToken } from "./issued-token-check.js";
import { parseListings } from "./listings.js";
import { checkPermissions } from "./permission-checks.js";
import { probeToken } from "./probe.js";
import { checkProof, type IdentityCredentials } from "./proof-check.js";
import { findProxy } from "./proxy.js";

const MAP_TO_SERVICE_ACCOUNT = "Map the identity to a service account in Datadog.";

/**
 * Checks an organization with a workload identity: the proof, its exchange for an access token, and this token. Then checks the
 * organization, the creators and the permissions with the token. After a problem with the proof, the host, the exchange or the
 * token, the remaining checks are omitted. The proof and the token are sent only to the site of the organization.
 */
export async function checkWorkloadIdentity(
  credentials: IdentityCredentials,
  readOnly: boolean,
): Promise<Check[]> {
  const settings = describeIdentity(credentials);
  const { check: proofCheck, obtained } = await checkProof(credentials);
  if (!obtained) return [settings, proofCheck];
  const { checks: exchangeChecks, accessToken } = await checkExchange(credentials, obtained);
  const checks = [
    settings,
    proofCheck,
    ...exchangeChecks,
    ...(accessToken ? await checkWithToken(credentials, accessToken, readOnly) : []),
  ];
  // Some checks quote the message of a server. It may contain a secret.
  const redact = createRedactor([
    ...listProofSecrets(obtained.proof),
    ...(accessToken ? [accessToken.token] : []),
  ]);
  return checks.map((check) => ({ ...check, found: redact(check.found) }));
}

/** Describes which identity is set. `diagnoseOrganization` reports invalid settings. */
function describeIdentity({ authentication, credentialsFrom }: IdentityCredentials): Check {
  const { identity, organizationId } = authentication;
  return createOk(
    "credentials",
    `A workload identity of ${formatIdentityType(identity)} is set for organization ${organizationId}: ${credentialsFrom}.`,
  );
}

/** Checks the access token. Then checks the organization, the creators and the permissions with this token. */
async function checkWithToken(
  credentials: IdentityCredentials,
  accessToken: AccessToken,
  readOnly: boolean,
): Promise<Check[]> {
  const { baseUrl, authentication } = credentials;
  const { organizationId } = authentication;
  const probe = await probeToken({
    baseUrl,
    authentication: { kind: "token", token: accessToken.token },
  });
  if (!probe.list) {
    // Datadog responded to the exchange, but not to the request for the list.
    return [checkHost(baseUrl, probe.first, probe.timing, await findProxy(baseUrl))];
  }
  const token = checkIssuedToken(baseUrl, accessToken, probe);
  if (token.verdict === "problem") return [token];
  const listings = await parseListings(probe, organizationId);
  return [
    token,
    checkOrganization(listings.callerCandidates, organizationId),
    describeAccount(),
    ...checkCreators(listings, MAP_TO_SERVICE_ACCOUNT),
    ...checkPermissions(probe, listings, {
      readOnly,
      organizationId,
      grantAdvice: CREDENTIAL_KINDS.identity.grantAdvice,
    }),
  ];
}

/** Reports that the account of the identity is unknown, because no response of Datadog names this account. */
const describeAccount = (): Check => ({
  check: "owner",
  verdict: "unknown",
  found:
    "Datadog does not report which account it maps the identity to. This account becomes the creator of connections. Datadog deletes a " +
    "connection when its creator is deactivated.",
  next: "Check in Datadog that the persona mapping of the identity is to a service account.",
});
