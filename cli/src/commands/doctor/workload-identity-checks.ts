import { listProofSecrets, type AccessToken } from "datadog-org-connections-core/api/access-tokens.js";
import { GRANT_TO_ACCOUNT } from "datadog-org-connections-core/api/explain-refusal.js";
import { formatIdentityType } from "datadog-org-connections-core/api/format-identity.js";
import { createRedactor } from "datadog-org-connections-core/api/redact.js";
import { checkCreators, checkOrganization } from "./caller-checks.js";
import { createOk, type Check } from "./check.js";
import { checkExchange } from "./exchange-checks.js";
import { checkHost } from "./host-check.js";
import { checkIssuedToken } from "./issued-token-check.js";
import { parseListings } from "./listings.js";
import { checkPermissions } from "./permission-checks.js";
import { probeOrganization } from "./probe.js";
import { checkProof, type IdentityCredentials } from "./proof-check.js";
import { findProxy } from "./proxy.js";

const MAP_TO_SERVICE_ACCOUNT = "Map the identity to a service account in Datadog.";

/**
 * Checks an organization with a workload identity, in the order of the exchange: the proof, its exchange for an access token, and then
 * what is checked with any token. If the proof, its exchange or the access token has a problem, the checks
 * after it are omitted. As in a run, the proof and the
 * token are sent to the site of the organization, and to no other.
 */
export async function checkWorkloadIdentity(
  credentials: IdentityCredentials,
  readOnly: boolean,
): Promise<Check[]> {
  const settings = checkSettings(credentials);
  const { check: proofCheck, proven } = await checkProof(credentials);
  if (!proven) return [settings, proofCheck];
  const { checks: exchangeChecks, accessToken } = await checkExchange(credentials, proven);
  const checks = [
    settings,
    proofCheck,
    ...exchangeChecks,
    ...(accessToken ? await checkWithToken(credentials, accessToken, readOnly) : []),
  ];
  // Some checks quote messages of a server, which may contain a secret.
  const redact = createRedactor([
    ...listProofSecrets(proven.proof),
    ...(accessToken ? [accessToken.token] : []),
  ]);
  return checks.map((check) => ({ ...check, found: redact(check.found) }));
}

/** Describes which identity is set. Its settings are valid, or there would be no credentials. */
function checkSettings({ authentication, credentialsFrom }: IdentityCredentials): Check {
  const { identity, organizationId } = authentication;
  return createOk(
    "credentials",
    `A workload identity of ${formatIdentityType(identity)} is set for organization ${organizationId}: ${credentialsFrom}.`,
  );
}

/** Checks what the access token may do, as with any token. */
async function checkWithToken(
  credentials: IdentityCredentials,
  accessToken: AccessToken,
  readOnly: boolean,
): Promise<Check[]> {
  const { baseUrl, authentication } = credentials;
  const { organizationId } = authentication;
  const probe = await probeOrganization({
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
    checkAccount(),
    ...checkCreators(listings, MAP_TO_SERVICE_ACCOUNT),
    ...checkPermissions(probe, listings, { readOnly, organizationId, grantAdvice: GRANT_TO_ACCOUNT }),
  ];
}

/** Describes what is known about the account of the identity: neither the exchange nor any other response names it. */
const checkAccount = (): Check => ({
  check: "owner",
  verdict: "unknown",
  found:
    "Datadog does not report to which account it maps the identity. This account becomes the creator of connections, which are deleted when " +
    "it is deactivated.",
  next: "Check in Datadog that the persona mapping of the identity leads to a service account.",
});
