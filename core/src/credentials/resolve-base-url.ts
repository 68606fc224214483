import { OrgConnectionsError } from "../api/org-connections-error.js";
import { parseBaseUrl, DEFAULT_SITE, isDatadogSite, isDatadogUrl, toSiteUrl } from "./base-url.js";
import { hasConfigCredentials, formatCredentialSettings } from "./level-credentials.js";
import { isSet, type Level, type Setting } from "./levels.js";

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
