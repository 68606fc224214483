import type { ApiResponse } from "datadog-org-connections-core/api/http.js";
import { createOk, createProblem, createUnknown, type Check } from "./check.js";
import type { ProbeResult, Probe } from "./probe.js";
import type { SiteResults } from "./other-sites.js";
import { findRequestFailure } from "./request-failures.js";

/** Whether a response refuses the request, because of the credentials, a missing permission or a disabled feature. */
export const isRefusal = (response: ApiResponse | undefined): boolean =>
  response?.status === 401 || response?.status === 403;

const hasSucceeded = (result: ProbeResult | undefined): boolean => result?.response?.status === 200;

/** Whether the host refuses the API key, and no other request succeeded. If so, the site or the key is wrong. */
export function isApiKeyRefused({ first, bothKeys, list, organizations }: Probe): boolean {
  return isRefusal(first.response) && ![bothKeys, list, organizations].some(hasSucceeded);
}

/**
 * Checks the site, the API key and the application key. A site responds to a key of another site as if the key did not exist.
 * Only requests to other sites show whether the key or the site is wrong. The user must allow these requests (--try-sites).
 */
export function checkKeys(
  baseUrl: string,
  credentialsFrom: string,
  probe: Probe,
  otherSites: SiteResults | undefined,
): Check[] {
  if (isApiKeyRefused(probe)) return checkRefusedKey(baseUrl, credentialsFrom, otherSites);
  const { first: apiKey, bothKeys, list, organizations } = probe;
  const acceptsBothKeys = [bothKeys, list, organizations].some(hasSucceeded);
  if (!acceptsBothKeys && !hasSucceeded(apiKey)) {
    return [
      findRequestFailure("api key", apiKey) ??
        createUnknown("api key", `${baseUrl} does not support the request that validates the API key.`),
    ];
  }
  const siteAndApiKey = [
    createOk("site", `${new URL(baseUrl).host} is the site of these keys.`),
    createOk("api key", "Datadog accepts the API key."),
  ];
  if (acceptsBothKeys)
    return [
      ...siteAndApiKey,
      createOk("application key", "Datadog accepts the application key with this API key."),
    ];
  if (isRefusal(bothKeys?.response)) {
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
  return [
    ...siteAndApiKey,
    findRequestFailure("application key", bothKeys) ??
      createUnknown("application key", `${baseUrl} does not support the request that validates both keys.`),
  ];
}

function checkRefusedKey(
  baseUrl: string,
  credentialsFrom: string,
  otherSites: SiteResults | undefined,
): Check[] {
  const { host } = new URL(baseUrl);
  const [rightSite] = otherSites?.accepted ?? [];
  if (rightSite !== undefined) {
    return [
      createProblem(
        "site",
        "wrong-site",
        `${host} refuses the API key. It is valid at ${otherSites?.accepted.join(" and at ") ?? ""}.`,
        `Set the site of this organization to ${new URL(rightSite).host.replace(/^api\./, "")}.`,
      ),
    ];
  }
  if (otherSites && otherSites.inconclusive.length === 0) {
    return [
      createOk(
        "site",
        `${host} responds. All other sites that were tried (${otherSites.refusedCount}) refuse the API key too.`,
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
    ? `of the other sites, ${otherSites.refusedCount} refused the API key too, and ${otherSites.inconclusive.length} gave no usable response`
    : "other sites were not tried";
  return [
    createProblem(
      "api key",
      "wrong-site-or-key",
      `${host} refuses the API key (the keys are set with ${credentialsFrom}). Either the API key or the site is wrong; ${otherSitesResult}.`,
      otherSites
        ? `Run \`doctor\` again to try the sites without a usable response: ${otherSites.inconclusive.map((site) => new URL(site).host).join(", ")}.`
        : "Check both the key and the site. To find out which one is wrong, use --try-sites: it sends the API key, and nothing else, to the other sites of Datadog.",
    ),
  ];
}
