/** The checks of an API key and an application key: their site, and the owner of the application key. */
import * as v from "valibot";
import type { KeyPair } from "datadog-org-connections-core/api/authentication.js";
import { parseUsers } from "datadog-org-connections-core/api/parse.js";
import { KNOWN_SITES, parseBaseUrl, toSiteUrl } from "datadog-org-connections-core/credentials/base-url.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { hasStatus, openCalls, parseAny, type Call, type MakeCall, type Reads } from "./calls.js";
import { createFailure, createOk, createProblem, createUnknown, type Check } from "./check.js";

/** The calls that check both keys. */
export interface KeyCalls extends Reads {
  apiKey: Call<unknown>;
  bothKeys: Call<unknown>;
}

/** Calls `GET /api/v1/validate` with only the API key. */
export async function callWithApiKey(credentials: Credentials, { apiKey, keyLocation }: KeyPair) {
  const call = await openCalls(credentials, { kind: "api-key", apiKey, keyLocation });
  return call({ route: "validateApiKey" }, parseAny);
}

export const callWithBothKeys = (call: MakeCall): Promise<Call<unknown>> =>
  call({ route: "validateKeys" }, parseAny);

const hasSucceeded = (call: Call<unknown>): boolean => hasStatus(call, 200);

/** Whether the host refuses the API key, and no other request succeeded. If so, the site or the key is wrong. */
export const isApiKeyRefused = ({ apiKey, bothKeys, list, organizations }: KeyCalls): boolean =>
  hasStatus(apiKey, 401, 403) && ![bothKeys, list, organizations].some(hasSucceeded);

/**
 * Checks the site, the API key and the application key. A site responds to a key of another site as if the key did not exist.
 * Only requests to other sites show whether the key or the site is wrong. The user must allow these requests (--try-sites).
 */
export function checkKeys(
  { baseUrl, credentialsFrom }: Credentials,
  calls: KeyCalls,
  otherSites: SiteResults | undefined,
): Check[] {
  const { apiKey, bothKeys, list, organizations } = calls;
  if (isApiKeyRefused(calls)) return explainRefusedKey(baseUrl, credentialsFrom, otherSites);
  const acceptsBothKeys = [bothKeys, list, organizations].some(hasSucceeded);
  if (!acceptsBothKeys && !hasSucceeded(apiKey))
    return apiKey.error ? [createFailure("api key", apiKey.error)] : [];
  const siteAndApiKey = [
    createOk("site", `${new URL(baseUrl).host} is the site of these keys.`),
    createOk("api key", "Datadog accepts the API key."),
  ];
  if (acceptsBothKeys || !bothKeys.error)
    return [
      ...siteAndApiKey,
      createOk("application key", "Datadog accepts the application key with this API key."),
    ];
  if (!hasStatus(bothKeys, 401, 403))
    return [...siteAndApiKey, createFailure("application key", bothKeys.error)];
  return [
    ...siteAndApiKey,
    createProblem(
      "application key",
      "wrong-key",
      `Datadog accepts the API key but refuses the application key (the keys are set with ${credentialsFrom}).`,
      "The application key is mistyped or revoked, or it belongs to a different organization than the API key. Set the correct application key.",
    ),
  ];
}

function explainRefusedKey(
  baseUrl: string,
  credentialsFrom: string,
  otherSites: SiteResults | undefined,
): Check[] {
  const { host } = new URL(baseUrl);
  const { accepted, refusedCount, inconclusive } = otherSites ?? {
    accepted: [],
    refusedCount: 0,
    inconclusive: [],
  };
  const [rightSite] = accepted;
  if (rightSite !== undefined) {
    return [
      createProblem(
        "site",
        "wrong-site",
        `${host} refuses the API key. It is valid at ${accepted.join(" and at ")}.`,
        `Set the site of this organization to ${new URL(rightSite).host.replace(/^api\./, "")}.`,
      ),
    ];
  }
  if (otherSites && inconclusive.length === 0) {
    return [
      createOk(
        "site",
        `${host} responds. All other sites that were tried (${refusedCount}) refuse the API key too.`,
      ),
      createProblem(
        "api key",
        "wrong-key",
        `All sites that were tried refuse the API key (the keys are set with ${credentialsFrom}).`,
        "The API key is mistyped or revoked. Set the correct one.",
      ),
    ];
  }
  const otherSitesResult = otherSites
    ? `of the other sites, ${refusedCount} refused the API key too, and ${inconclusive.length} gave no usable response`
    : "other sites were not tried";
  return [
    createProblem(
      "api key",
      "wrong-site-or-key",
      `${host} refuses the API key (the keys are set with ${credentialsFrom}). Either the API key or the site is wrong; ${otherSitesResult}.`,
      otherSites
        ? `Run \`doctor\` again to try the sites without a usable response: ${inconclusive.map((site) => new URL(site).host).join(", ")}.`
        : "Check both the key and the site. To find out which one is wrong, use --try-sites: it sends the API key, and nothing else, to the other sites of Datadog.",
    ),
  ];
}

/** The results of sending an API key to other sites. */
interface SiteResults {
  /** Base URLs of the sites where the key is valid. */
  accepted: string[];
  /** The count of sites that refused the key. */
  refusedCount: number;
  /** Base URLs of the sites whose result is unknown, for example because they did not respond. */
  inconclusive: string[];
}

/**
 * Parses a list of sites and addresses into base URLs without duplicates. `all` means all sites of Datadog.
 *
 * @throws `invalid-configuration` if an entry is not a valid site or address
 */
export function parseSites(list: readonly string[]): string[] {
  const sites = list.map((site) => site.trim()).flatMap((site) => (site === "all" ? KNOWN_SITES : [site]));
  const urls = sites.map((site) =>
    site.includes("://")
      ? parseBaseUrl(site, "--try-sites")
      : toSiteUrl(site, "--try-sites", "A complete address begins with https://."),
  );
  return [...new Set(urls)];
}

/**
 * Sends an API key to other sites to check it. The application key has more permissions than the API key, so it is not sent.
 *
 * @returns undefined if `sites` contains no site other than that of the credentials
 */
export async function trySites(
  credentials: Credentials,
  keys: KeyPair,
  sites: readonly string[],
): Promise<SiteResults | undefined> {
  const others = sites.filter((site) => site !== credentials.baseUrl);
  if (others.length === 0) return undefined;
  const results = await Promise.all(
    others.map(async (site) => {
      const call = await callWithApiKey({ ...credentials, baseUrl: site }, keys);
      // A proxy or a login page may respond instead of the site, with any status.
      return { site, status: call.hostError ? undefined : call.response?.status };
    }),
  );
  return {
    accepted: results.filter(({ status }) => status === 200).map(({ site }) => site),
    refusedCount: results.filter(({ status }) => status === 401 || status === 403).length,
    inconclusive: results
      .filter(({ status }) => status === undefined || ![200, 401, 403].includes(status))
      .map(({ site }) => site),
  };
}

/** The page size of the list of application keys. Only the first page is requested. */
const APPLICATION_KEY_LIMIT = 100;

const applicationKeysSchema = v.object({
  data: v.array(
    v.object({
      attributes: v.object({ last4: v.string() }),
      relationships: v.object({ owned_by: v.object({ data: v.object({ id: v.string() }) }) }),
    }),
  ),
  included: v.optional(v.unknown()),
});

/**
 * Checks who owns the application key. The owner becomes the creator of connections. A connection shares what its creator may read,
 * and is deleted when its creator is deactivated:
 * https://docs.datadoghq.com/account_management/org_settings/cross_org_visibility/
 *
 * The list of application keys shows only the last four characters of each key, and doctor reads only the first page. So the owner
 * is certain only if this page is the complete list. In addition, all keys with the last four characters of `appKey` must belong to
 * one user.
 */
export async function checkKeyOwner(call: MakeCall, appKey: string): Promise<Check> {
  const keys = await call(
    {
      route: "listApplicationKeys",
      query: { "page[size]": APPLICATION_KEY_LIMIT, include: "owned_by" },
    },
    (body) => v.parse(applicationKeysSchema, body),
  );
  if (hasStatus(keys, 401, 403)) {
    return createUnknown(
      "owner",
      "The owner of the application key could not be read. It is visible only with the permission `org_app_keys_read`.",
    );
  }
  if (keys.error) {
    // Without the owner, everything else works, so another format is no problem.
    const failure = createFailure("owner", keys.error);
    return keys.error.code === "unexpected-response" ? createUnknown("owner", failure.found) : failure;
  }
  const { data, included } = keys.value;
  if (data.length >= APPLICATION_KEY_LIMIT) {
    return createUnknown(
      "owner",
      `The owner of the application key cannot be determined: only the first ${APPLICATION_KEY_LIMIT} application keys are read, and the organization may have more.`,
    );
  }
  const owners = new Set(
    data
      .filter(({ attributes }) => attributes.last4 === appKey.slice(-4))
      .map(({ relationships }) => relationships.owned_by.data.id.toLowerCase()),
  );
  const [owner] = owners;
  const user = parseUsers(included).find(({ id }) => id === owner);
  if (owners.size !== 1 || !user)
    return createUnknown(
      "owner",
      "The owner of the application key cannot be determined: the list of application keys shows only the last four characters of each key, and those of this key do not identify exactly one user.",
    );
  const name = user.name ?? user.handle ?? user.email ?? user.id;
  if (user.serviceAccount === undefined)
    return createUnknown(
      "owner",
      `The application key belongs to ${name}. It is unknown whether this user is a service account.`,
    );
  if (user.serviceAccount)
    return createOk("owner", `The application key belongs to the service account ${name}.`);
  return {
    check: "owner",
    verdict: "advice",
    found: `The application key belongs to a person, ${name}. When this user is deactivated, Datadog deletes the connections that were created with this key.`,
    next: "Use the application key of a service account.",
  };
}
