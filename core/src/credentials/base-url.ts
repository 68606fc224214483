import { OrgConnectionsError } from "../api/org-connections-error.js";

/** The site of an organization that names none: the official clients' default. */
export const DEFAULT_SITE = "datadoghq.com";

/** The sites that Datadog publishes (S); new ones appear, so an unknown one is no error. */
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

/** Whether a site is Datadog's own: one of its three domains, or a subdomain of one. Datadog adds sites below them. */
export function isDatadogSite(site: string): boolean {
  return /^([a-z0-9-]+\.)*(datadoghq\.com|datadoghq\.eu|ddog-gov\.com)$/.test(site.trim().toLowerCase());
}

/** Whether an address is exactly that of Datadog's API on one of its own sites: no port, no path, no user. */
export function isDatadogUrl(text: string): boolean {
  if (!URL.canParse(text.trim())) return false;
  const site = /^https:\/\/api\.([^/:@?#]+)\/$/.exec(new URL(text.trim()).href)?.[1];
  return site !== undefined && isDatadogSite(site);
}

/** `https://api.{site}`. Any site passes, since new ones appear; `app.` and `api.` in front of it are dropped. */
export function urlOfSite(site: string, setting: string): string {
  const name = site.trim().toLowerCase();
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) {
    throw new OrgConnectionsError("invalid-configuration", {
      happened: `${setting} is not a Datadog site.`,
      advice:
        "A site is a name such as datadoghq.com or us5.datadoghq.com; a whole address belongs into `url` or DD_HOST.",
    });
  }
  return `https://api.${name.replace(/^(app|api)\./, "")}`;
}

/** A whole base URL, checked: only https, except for loopback; no user, query or fragment. */
export function checkedUrl(text: string, setting: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new OrgConnectionsError(
      "invalid-configuration",
      `${setting} is not an address such as https://api.datadoghq.com (no user, no query).`,
    );
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new OrgConnectionsError("invalid-configuration", {
      happened: `${setting} must begin with https:// — keys are sent in clear text otherwise.`,
      advice: "Only loopback may use http.",
    });
  }
  return url.href.replace(/\/+$/, "");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
