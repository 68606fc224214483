import { checkedUrl, KNOWN_SITES, urlOfSite } from "datadog-org-connections-core/credentials/base-url.js";
import type { Credentials } from "datadog-org-connections-core/credentials/resolve.js";
import { look } from "./probe.js";

/** What other sites say of an API key. */
export interface SitesAsked {
  /** Base URLs at which the key is valid. */
  know: string[];
  /** How many said that they do not know it. */
  refuse: number;
  /** Base URLs that gave no answer to go by. */
  silent: string[];
}

/** The base URLs to ask: those of Datadog's own sites, or of the sites and addresses in a list of the user's. */
export function sitesToAsk(list: readonly string[] = KNOWN_SITES): string[] {
  return list.map((one) =>
    one.includes("://") ? checkedUrl(one, "--try-sites") : urlOfSite(one, "--try-sites"),
  );
}

/**
 * Asks other sites whether they know an API key. It is sent there, so only on the user's word; the application key,
 * which opens more, stays here.
 */
export async function askSites(
  { baseUrl, apiKey, auth }: Pick<Credentials, "baseUrl" | "apiKey" | "auth">,
  sites: readonly string[],
): Promise<SitesAsked> {
  const { createSend } = await import("datadog-org-connections-core/api/http.js");
  const others = sites.filter((site) => site !== baseUrl);
  const said = await Promise.all(
    others.map(async (site) => {
      const { answer } = await look(createSend({ baseUrl: site, apiKey, auth }), { route: "validateApiKey" });
      return { site, status: answer?.status };
    }),
  );
  return {
    know: said.filter(({ status }) => status === 200).map(({ site }) => site),
    refuse: said.filter(({ status }) => status === 401 || status === 403).length,
    silent: said
      .filter(({ status }) => status === undefined || ![200, 401, 403].includes(status))
      .map(({ site }) => site),
  };
}
