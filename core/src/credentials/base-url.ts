import { OrgConnectionsError } from "../api/org-connections-error.js";

/** The default site, as in the official clients. */
export const DEFAULT_SITE = "datadoghq.com";

/** Datadog's sites (https://docs.datadoghq.com/getting_started/site/). Datadog adds sites, so settings may contain other sites. */
export const KNOWN_SITES = [
  DEFAULT_SITE,
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "uk1.datadoghq.com",
  "ddog-gov.com",
  "us2.ddog-gov.com",
] as const;

/** Whether a site is one of Datadog's three domains or a subdomain. This rule accepts sites that Datadog adds later. */
export function isDatadogSite(site: string): boolean {
  return /^([a-z0-9-]+\.)*(datadoghq\.com|datadoghq\.eu|ddog-gov\.com)$/.test(site.trim().toLowerCase());
}

/** Whether a URL is `https://api.{site}` of a Datadog site, without a port, path, user, query or fragment. */
export function isDatadogUrl(text: string): boolean {
  if (!URL.canParse(text.trim())) return false;
  const site = /^https:\/\/api\.([^/:@?#]+)\/$/.exec(new URL(text.trim()).href)?.[1];
  return site !== undefined && isDatadogSite(site);
}

/**
 * Returns `https://api.{site}`. Accepts sites that are not in {@link KNOWN_SITES}. Ignores `app.` or `api.` at the start of a site.
 *
 * @param setting - the setting that contains the site, for messages
 * @param addressAdvice - how to set a complete address instead, for messages
 * @throws `invalid-configuration`
 */
export function toSiteUrl(
  site: string,
  setting: string,
  addressAdvice = "For a complete address, set `url` or DD_HOST.",
): string {
  const name = site.trim().toLowerCase();
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) {
    throw new OrgConnectionsError("invalid-configuration", {
      happened: `The value of ${setting} is not a valid site name.`,
      advice: `A site is a name such as datadoghq.com or us5.datadoghq.com. ${addressAdvice}`,
    });
  }
  return `https://api.${name.replace(/^(app|api)\./, "")}`;
}

/**
 * Parses a complete base URL. Accepts http only for loopback. Rejects a user, query or fragment. The result has no trailing
 * slash.
 *
 * @param setting - the setting that contains the URL, for messages
 * @throws `invalid-configuration`
 */
export function parseBaseUrl(text: string, setting: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new OrgConnectionsError(
      "invalid-configuration",
      `The value of ${setting} must be an address such as https://api.datadoghq.com, without a user, query or fragment.`,
    );
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new OrgConnectionsError("invalid-configuration", {
      happened: `The value of ${setting} must begin with https://, so that the credentials are encrypted.`,
      advice: "Only loopback addresses may use http.",
    });
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** Whether the host of a URL is `localhost` or a loopback address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
