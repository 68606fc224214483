import {
  hasTokenAsKey,
  MOVE_TOKEN,
  type AuthenticationOf,
  type CredentialKindName,
  type StoredAuthentication,
} from "datadog-org-connections-core/api/authentication.js";
import { isOrgConnectionsError } from "datadog-org-connections-core/api/org-connections-error.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import type { ConfiguredOrganization } from "../../live/organizations.js";
import { checkAccount } from "./account-checks.js";
import { callList, callOrganizations, openCalls, type Call } from "./calls.js";
import { createFailure, createOk, createProblem, type Check } from "./check.js";
import { checkClock, checkHost } from "./host-checks.js";
import {
  callWithApiKey,
  callWithBothKeys,
  checkKeyOwner,
  checkKeys,
  isApiKeyRefused,
  trySites,
} from "./key-checks.js";
import { checkToken, checkTokenOwner } from "./token-checks.js";

/** The options that apply to each organization. */
export interface DiagnosisOptions {
  /** Base URLs to try if the configured site refuses the API key. If missing, no other site is tried. */
  trySites?: readonly string[];
  /** Whether credentials without permission to write are accepted. */
  readOnly: boolean;
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
  options: DiagnosisOptions = { readOnly: false },
): Promise<OrganizationDiagnosis> {
  if (!session) return { names, checks: [createSettingsProblem(failure)] };
  const { baseUrl, authentication } = session.credentials;
  return { names, baseUrl, checks: await checkCredentials(authentication, session.credentials, options) };
}

type CredentialChecks<K extends CredentialKindName> = (
  authentication: AuthenticationOf<K>,
  credentials: Credentials,
  options: DiagnosisOptions,
) => Promise<Check[]>;

/** The checks of an organization, for each kind of credentials. */
const CREDENTIAL_CHECKS: { [K in CredentialKindName]: CredentialChecks<K> } = {
  keys: async (keys, credentials, options) => {
    const areSet = `Both keys are set: ${credentials.credentialsFrom}.`;
    if (hasTokenAsKey(keys)) {
      const found = `${areSet} The application key is an access token, so Datadog ignores the API key.`;
      const settings: Check = { check: "credentials", verdict: "advice", found, next: MOVE_TOKEN };
      return checkStoredToken(keys, keys.appKey, credentials, settings, options);
    }
    const apiKey = await callWithApiKey(credentials, keys);
    return checkFrom(createOk("credentials", areSet), apiKey, credentials, async () => {
      const call = await openCalls(credentials, keys);
      const bothKeys = await callWithBothKeys(call);
      const reads = { list: await callList(call), organizations: await callOrganizations(call) };
      const calls = { apiKey, bothKeys, ...reads };
      const sites = isApiKeyRefused(calls) ? options.trySites : undefined;
      const checks = checkKeys(credentials, calls, sites && (await trySites(credentials, keys, sites)));
      if (checks.some(({ verdict }) => verdict === "problem")) return checks;
      const owner = await checkKeyOwner(call, keys.appKey);
      return [...checks, ...(await checkAccount(reads, credentials, { owner, ...options }))];
    });
  },
  token: (authentication, credentials, options) => {
    const settings = createOk("credentials", `A bearer token is set: ${credentials.credentialsFrom}.`);
    return checkStoredToken(authentication, authentication.token, credentials, settings, options);
  },
  identity: async (authentication, credentials, { readOnly }) => {
    const { checkIdentity } = await import("./identity-checks.js");
    return checkIdentity({ ...credentials, authentication }, readOnly);
  },
};

const checkCredentials = <K extends CredentialKindName>(
  authentication: AuthenticationOf<K>,
  credentials: Credentials,
  options: DiagnosisOptions,
): Promise<Check[]> => CREDENTIAL_CHECKS[authentication.kind](authentication, credentials, options);

/** Checks an access token, which is the bearer token or set as the application key. */
async function checkStoredToken(
  authentication: StoredAuthentication,
  token: string,
  credentials: Credentials,
  settings: Check,
  { readOnly }: DiagnosisOptions,
): Promise<Check[]> {
  const { baseUrl, credentialsFrom } = credentials;
  const call = await openCalls(credentials, authentication);
  const list = await callList(call);
  return checkFrom(settings, list, credentials, async () => {
    const reads = { list, organizations: await callOrganizations(call) };
    const check = checkToken(baseUrl, reads, `It is set with ${credentialsFrom}.`);
    if (check.verdict === "problem") return [check];
    const site = createOk("site", `${new URL(baseUrl).host} is the site of this token.`);
    const account = await checkAccount(reads, credentials, { owner: checkTokenOwner(token), readOnly });
    return [...(check.verdict === "ok" ? [site] : []), check, ...account];
  });
}

/** Checks the host and the clock with the first call. If Datadog's API responds, continues with the other calls. */
async function checkFrom(
  settings: Check,
  first: Call<unknown>,
  { baseUrl }: Credentials,
  checkOthers: () => Promise<Check[]>,
): Promise<Check[]> {
  const host = await checkHost(baseUrl, first);
  if (host.verdict !== "ok") return [settings, host];
  return [settings, host, checkClock(first), ...(await checkOthers())];
}

/** Creates the check of an organization without usable credentials. */
export function createSettingsProblem(failure: Error): Check {
  const next = "Correct the setting.";
  if (!isOrgConnectionsError(failure))
    return createProblem("credentials", "invalid-settings", failure.message, next);
  const isMissing = isOrgConnectionsError(failure, "credentials-missing", "unknown-source");
  const cause = isMissing ? "credentials-missing" : "invalid-settings";
  return { next, ...createFailure("credentials", failure, cause) };
}
