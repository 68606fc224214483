import { parseBaseUrl, KNOWN_SITES, toSiteUrl } from "datadog-org-connections-core/credentials/base-url.js";
import type { KeyPair } from "datadog-org-connections-core/api/authentication.js";
import { canBeFromDatadog, sendProbe } from "./probe.js";

/** The results of sending an API key to other sites. */
export interface SiteResults {
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
 * Sends an API key to other sites to check it. The user must allow this with --try-sites. The application key has more permissions
 * than the API key, so it is not sent.
 *
 * @returns undefined if `sites` contains no site other than `baseUrl`
 */
export async function probeSites(
  baseUrl: string,
  { apiKey, keyLocation }: KeyPair,
  sites: readonly string[],
): Promise<SiteResults | undefined> {
  const others = sites.filter((site) => site !== baseUrl);
  if (others.length === 0) return undefined;
  const { createSender } = await import("datadog-org-connections-core/api/http.js");
  const results = await Promise.all(
    others.map(async (site) => {
      const send = createSender({ baseUrl: site, authentication: { kind: "api-key", apiKey, keyLocation } });
      const { response } = await sendProbe(send, { route: "validateApiKey" });
      // A proxy or a login page may respond instead of the site, with any status.
      return { site, status: response && canBeFromDatadog(response) ? response.status : undefined };
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
