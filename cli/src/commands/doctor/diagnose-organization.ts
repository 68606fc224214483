import {
  hasTokenAsKey,
  listSecrets,
  type KeyPair,
  type StoredAuthentication,
} from "datadog-org-connections-core/api/authentication.js";
import { GRANT_PERMISSION, MOVE_TOKEN } from "datadog-org-connections-core/api/explain-refusal.js";
import { createRedactor } from "datadog-org-connections-core/text/escape-text.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { ConfiguredOrganization } from "../../live/organizations.js";
import { checkCaller } from "./caller-checks.js";
import { createOk, createProblem, type Check } from "./check.js";
import { checkClock } from "./clock-check.js";
import { checkHost } from "./host-check.js";
import { isApiKeyRefused, checkKeys } from "./key-checks.js";
import { parseListings } from "./listings.js";
import { probeOrganization, type Probe } from "./probe.js";
import { findProxy } from "./proxy.js";
import { checkPermissions } from "./permission-checks.js";
import { probeSites, type SiteResults } from "./other-sites.js";
import { checkToken } from "./token-checks.js";

/** The options that apply to each organization. */
export interface DoctorOptions {
  /** Base URLs to try if the configured site refuses the API key. If missing, no other site is tried. */
  trySites?: readonly string[];
  /** Whether credentials without permission to write are accepted. */
  readOnly?: boolean;
}

/** The checks of one organization. */
export interface OrganizationDiagnosis {
  /** The names under which its credentials are configured. */
  names: readonly string[];
  /** The address that its requests are sent to. Missing without usable credentials. */
  baseUrl?: string;
  /** Ordered by dependency. If a check finds a problem, the checks that depend on it are omitted or `unknown`. */
  checks: Check[];
}

/**
 * Checks one organization. Sends only GET requests and the exchange of a workload identity to Datadog. Also obtains the proof for
 * the exchange, and connects to the proxy, if there is one.
 */
export async function diagnoseOrganization(
  { names, session, failure }: ConfiguredOrganization,
  { trySites, readOnly = false }: DoctorOptions = {},
): Promise<OrganizationDiagnosis> {
  if (!session) return { names, checks: [createSettingsProblem(failure)] };
  const { baseUrl, authentication } = session.credentials;
  if (authentication.kind === "identity") {
    const { checkWorkloadIdentity } = await import("./workload-identity-checks.js");
    const credentials = { ...session.credentials, authentication };
    return { names, baseUrl, checks: await checkWorkloadIdentity(credentials, readOnly) };
  }
  const checks = await runChecks({ ...session.credentials, authentication }, trySites, readOnly);
  // Some checks quote the message of a server. It may contain a secret.
  const redact = createRedactor(listSecrets(authentication));
  return { names, baseUrl, checks: checks.map((check) => ({ ...check, found: redact(check.found) })) };
}

/** Credentials that are stored in the settings. */
type StoredCredentials = Credentials & { authentication: StoredAuthentication };

async function runChecks(
  credentials: StoredCredentials,
  trySites: readonly string[] | undefined,
  readOnly: boolean,
): Promise<Check[]> {
  const { baseUrl, credentialsFrom, authentication } = credentials;
  const proxy = await findProxy(baseUrl);
  const probe = await probeOrganization(credentials);
  const host = checkHost(baseUrl, probe.first, probe.timing, proxy);
  const checks = [describeCredentials(credentials), host];
  if (host.verdict !== "ok" || !probe.first.response) return checks;
  checks.push(checkClock(probe.first.response, probe.timing));
  const credentialChecks =
    authentication.kind === "token" || hasTokenAsKey(authentication)
      ? checkToken(baseUrl, credentialsFrom, probe)
      : checkKeys(
          baseUrl,
          credentialsFrom,
          probe,
          await probeOtherSites(baseUrl, authentication, probe, trySites),
        );
  checks.push(...credentialChecks);
  if (credentialChecks.some(({ verdict }) => verdict === "problem")) return checks;
  const listings = await parseListings(probe);
  return [
    ...checks,
    ...checkCaller(probe, listings, credentials),
    ...checkPermissions(probe, listings, {
      readOnly,
      organizationId: credentials.organizationId,
      grantAdvice: GRANT_PERMISSION,
    }),
  ];
}

/** Describes which credentials are set. */
function describeCredentials({ authentication, credentialsFrom }: StoredCredentials): Check {
  if (authentication.kind === "token")
    return createOk("credentials", `A bearer token is set: ${credentialsFrom}.`);
  if (!hasTokenAsKey(authentication))
    return createOk("credentials", `Both keys are set: ${credentialsFrom}.`);
  return {
    check: "credentials",
    verdict: "advice",
    found: `Both keys are set: ${credentialsFrom}. The application key is an access token, so Datadog ignores the API key.`,
    next: MOVE_TOKEN,
  };
}

/** Sends the API key to other sites, if the user allows this and the configured site refuses the key. */
const probeOtherSites = async (
  baseUrl: string,
  keys: KeyPair,
  probe: Probe,
  sites: readonly string[] | undefined,
): Promise<SiteResults | undefined> =>
  sites && isApiKeyRefused(probe) ? probeSites(baseUrl, keys, sites) : undefined;

/** Creates the check of an organization without usable credentials. */
export function createSettingsProblem(failure: Error): Check {
  const isMissing = isOrgConnectionsError(failure, "credentials-missing", "unknown-source");
  const { happened, advice } = isOrgConnectionsError(failure)
    ? failure
    : { happened: failure.message, advice: undefined };
  return createProblem(
    "credentials",
    isMissing ? "credentials-missing" : "invalid-settings",
    happened,
    advice ?? "Correct the setting.",
  );
}
