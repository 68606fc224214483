import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isSet, type Setting } from "./credential-kinds.js";
import { formatCredentialSettings, hasConfigCredentials, type Level } from "./levels.js";

/** The default site, as in the official clients. */
const DEFAULT_SITE = "datadoghq.com";

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

const ENVIRONMENT = "the environment";

/**
 * Resolves the base URL of an organization from the first level that sets a URL or a site.
 *
 * Credentials and addresses come from two places:
 *
 * 1. The environment. Whoever controls one variable of a process controls all its variables.
 * 2. The stack's configuration, or the arguments of a provider in a program. Both are in files under review.
 *
 * A change to a file under review must not decide where the credentials in the environment are sent. So an address must belong to
 * Datadog, or come from the same place as the credentials. Any other address is an error. If the address were ignored, the
 * default site would apply, and credentials for a sandbox would be sent to Datadog.
 *
 * A workload identity belongs to the environment, wherever it is declared ({@link hasConfigCredentials}).
 *
 * @param levels - the levels to search, highest precedence first
 * @param credentialLevel - the level that contains the credentials
 * @param names - for messages: the label of the organization, and the name of the second place, such as `the stack's configuration`
 * @throws `invalid-configuration`
 */
export function resolveBaseUrl(
  levels: readonly Level[],
  credentialLevel: Level,
  names: { label: string; configuration: string },
): string {
  for (const level of levels) {
    const isSamePlace = level.fromConfig === hasConfigCredentials(credentialLevel);
    const [url = "", site = ""] = [level.url[1], level.site[1]];
    if (isSet(level.url)) {
      if (!isSamePlace && !isDatadogUrl(url))
        throw createAddressError(level.url, level, levels, credentialLevel, names);
      return parseBaseUrl(url, level.url[0]);
    }
    if (isSet(level.site)) {
      if (!isSamePlace && !isDatadogSite(site))
        throw createAddressError(level.site, level, levels, credentialLevel, names);
      return toSiteUrl(site, level.site[0]);
    }
  }
  return toSiteUrl(DEFAULT_SITE, "");
}

function createAddressError(
  [setting]: Setting,
  level: Level,
  levels: readonly Level[],
  credentialLevel: Level,
  { label, configuration }: { label: string; configuration: string },
): OrgConnectionsError {
  const settings = formatCredentialSettings(credentialLevel);
  const [reason, sent, addressPlace] = hasConfigCredentials(credentialLevel)
    ? [`the credentials come from ${settings}`, `Credentials from ${configuration} are`, ENVIRONMENT]
    : isSet(credentialLevel.identity)
      ? [
          `the organization has a workload identity (${settings})`,
          `The proof of an identity comes from ${ENVIRONMENT} and is`,
          configuration,
        ]
      : [`the credentials come from ${settings}`, `Credentials from ${ENVIRONMENT} are`, configuration];
  return new OrgConnectionsError("invalid-configuration", {
    happened:
      `The address of ${label} comes from ${setting}, but ${reason}. ${sent} sent to an address from ${addressPlace} only if that ` +
      `address belongs to Datadog.`,
    advice: formatAdvice(setting, level, levels, credentialLevel),
  });
}

/** Formats what to set so that the address and the credentials come from the same place. */
function formatAdvice(
  setting: string,
  level: Level,
  levels: readonly Level[],
  credentialLevel: Level,
): string {
  if (!hasConfigCredentials(credentialLevel)) {
    // Only the variables of the first level take precedence over all other levels.
    const [first = credentialLevel] = levels;
    return `Set ${first.url[0]} to the address for these credentials, or ${first.site[0]} to their Datadog site.`;
  }
  // An address of a higher level would still apply.
  const isOverridden = levels.indexOf(level) < levels.indexOf(credentialLevel);
  return `Set ${credentialLevel.url[0]} to the address for these credentials${isOverridden ? `, and unset ${setting}` : ""}.`;
}
