import {
  CREDENTIAL_KINDS,
  hasTokenAsKey,
  listSecrets,
  MOVE_TOKEN,
  type AuthenticationOf,
  type CredentialKindName,
  type KeyPair,
  type StoredAuthentication,
} from "datadog-org-connections-core/api/authentication.js";
import { createRedactor } from "datadog-org-connections-core/text/escape-text.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { ConfiguredOrganization } from "../../live/organizations.js";
import { checkCreators, checkOrganization } from "./caller-checks.js";
import { createOk, createProblem, type Check } from "./check.js";
import { checkClock } from "./clock-check.js";
import { checkHost } from "./host-check.js";
import { isApiKeyRefused, checkKeys } from "./key-checks.js";
import { parseListings } from "./listings.js";
import { checkKeyOwner } from "./owner-check.js";
import { probeKeys, probeToken, type Probe } from "./probe.js";
import { findProxy } from "./proxy.js";
import { checkPermissions } from "./permission-checks.js";
import { probeSites, type SiteResults } from "./other-sites.js";
import { checkToken, checkTokenOwner } from "./token-checks.js";

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
  const checks = await checkCredentials(authentication, session.credentials, { trySites, readOnly });
  // Some checks quote the message of a server. It may contain a secret.
  const redact = createRedactor(listSecrets(authentication));
  return { names, baseUrl, checks: checks.map((check) => ({ ...check, found: redact(check.found) })) };
}

/** What the checks of an organization need besides its credentials. */
interface CheckOptions {
  trySites: readonly string[] | undefined;
  readOnly: boolean;
}

type CredentialChecks<K extends CredentialKindName> = (
  authentication: AuthenticationOf<K>,
  credentials: Credentials,
  options: CheckOptions,
) => Promise<Check[]>;

/** The checks of an organization, for each kind of credentials. */
const CREDENTIAL_CHECKS: { [K in CredentialKindName]: CredentialChecks<K> } = {
  keys: (keys, credentials, options) =>
    checkStoredCredentials(
      credentials,
      options,
      hasTokenAsKey(keys)
        ? {
            ...createTokenChecks(keys, keys.appKey, credentials),
            settings: {
              check: "credentials",
              verdict: "advice",
              found: `Both keys are set: ${credentials.credentialsFrom}. The application key is an access token, so Datadog ignores the API key.`,
              next: MOVE_TOKEN,
            },
          }
        : {
            settings: createOk("credentials", `Both keys are set: ${credentials.credentialsFrom}.`),
            probe: () => probeKeys({ baseUrl: credentials.baseUrl, authentication: keys }),
            check: async (probe) => {
              const { baseUrl, credentialsFrom } = credentials;
              const otherSites = await probeOtherSites(baseUrl, keys, probe, options.trySites);
              return checkKeys(baseUrl, credentialsFrom, probe, otherSites);
            },
            checkOwner: (probe) => checkKeyOwner(probe, keys.appKey),
          },
    ),
  token: (authentication, credentials, options) =>
    checkStoredCredentials(credentials, options, {
      ...createTokenChecks(authentication, authentication.token, credentials),
      settings: createOk("credentials", `A bearer token is set: ${credentials.credentialsFrom}.`),
    }),
  identity: async (authentication, credentials, { readOnly }) => {
    const { checkWorkloadIdentity } = await import("./workload-identity-checks.js");
    return checkWorkloadIdentity({ ...credentials, authentication }, readOnly);
  },
};

const checkCredentials = <K extends CredentialKindName>(
  authentication: AuthenticationOf<K>,
  credentials: Credentials,
  options: CheckOptions,
): Promise<Check[]> => CREDENTIAL_CHECKS[authentication.kind](authentication, credentials, options);

/** The checks of credentials that are stored in the settings. */
interface StoredChecks {
  /** Describes which credentials are set. */
  settings: Check;
  probe: () => Promise<Probe>;
  /** Checks whether Datadog accepts the credentials. */
  check: (probe: Probe) => Check[] | Promise<Check[]>;
  checkOwner: (probe: Probe) => Check;
}

/** Creates the checks of an access token, which is the bearer token or set as the application key. */
const createTokenChecks = (
  authentication: StoredAuthentication,
  token: string,
  { baseUrl, credentialsFrom }: Credentials,
): Omit<StoredChecks, "settings"> => ({
  probe: () => probeToken({ baseUrl, authentication }),
  check: (probe) => checkToken(baseUrl, credentialsFrom, probe),
  checkOwner: () => checkTokenOwner(token),
});

async function checkStoredCredentials(
  { baseUrl, organizationId, authentication }: Credentials,
  { readOnly }: CheckOptions,
  stored: StoredChecks,
): Promise<Check[]> {
  const proxy = await findProxy(baseUrl);
  const probe = await stored.probe();
  const host = checkHost(baseUrl, probe.first, probe.timing, proxy);
  const checks = [stored.settings, host];
  if (host.verdict !== "ok" || !probe.first.response) return checks;
  checks.push(checkClock(probe.first.response, probe.timing));
  const credentialChecks = await stored.check(probe);
  checks.push(...credentialChecks);
  if (credentialChecks.some(({ verdict }) => verdict === "problem")) return checks;
  const listings = await parseListings(probe);
  const { grantAdvice } = CREDENTIAL_KINDS[authentication.kind];
  return [
    ...checks,
    checkOrganization(listings.callerCandidates, organizationId),
    stored.checkOwner(probe),
    ...checkCreators(listings, "Use the application key or token of a service account."),
    ...checkPermissions(probe, listings, { readOnly, organizationId, grantAdvice }),
  ];
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
