import { OrgConnectionsError } from "../api/org-connections-error.js";
import { parseBaseUrl, DEFAULT_SITE, isDatadogSite, isDatadogUrl, toSiteUrl } from "./base-url.js";
import { isSet, type Level, type Setting } from "./levels.js";

const ENVIRONMENT = "the environment";
const STACK = "the stack's configuration";

/**
 * Resolves the base URL of an organization from the first level that sets a URL or a site.
 *
 * There are two places for keys and addresses. The first is the environment with all its variables: whoever
 * controls one variable of a process controls them all. The second is the stack's configuration, a file under
 * review: a change to it must not decide where the keys in the environment are sent. Therefore, an address
 * must come from the same place as the keys, unless it belongs to Datadog. Any other address is an
 * error: if it were ignored, the default site would apply, and keys for a sandbox would be sent to Datadog.
 *
 * @param levels - the levels to search, highest precedence first
 * @param keyLevel - the level that contains the keys
 * @param label - the name of the organization in messages
 * @throws `invalid-configuration`
 */
export function resolveBaseUrl(levels: readonly Level[], keyLevel: Level, label: string): string {
  for (const level of levels) {
    const isSamePlace = level.fromStack === keyLevel.fromStack;
    const [url = "", site = ""] = [level.url[1], level.site[1]];
    if (isSet(level.url)) {
      if (!isSamePlace && !isDatadogUrl(url))
        throw createAddressError(level.url, level, levels, keyLevel, label);
      return parseBaseUrl(url, level.url[0]);
    }
    if (isSet(level.site)) {
      if (!isSamePlace && !isDatadogSite(site))
        throw createAddressError(level.site, level, levels, keyLevel, label);
      return toSiteUrl(site, level.site[0]);
    }
  }
  return toSiteUrl(DEFAULT_SITE, "");
}

function createAddressError(
  [setting]: Setting,
  level: Level,
  levels: readonly Level[],
  keyLevel: Level,
  label: string,
): OrgConnectionsError {
  const [keyPlace, addressPlace] = keyLevel.fromStack ? [STACK, ENVIRONMENT] : [ENVIRONMENT, STACK];
  return new OrgConnectionsError("invalid-configuration", {
    happened:
      `The address of ${label} comes from ${setting}, but its keys come from ${keyLevel.apiKey[0]} and ` +
      `${keyLevel.appKey[0]}. Keys from ${keyPlace} are sent to an address from ${addressPlace} only if it ` +
      `belongs to Datadog.`,
    advice: formatAdvice(setting, level, levels, keyLevel),
  });
}

/** Formats what to set so that the address and the keys come from the same place. */
function formatAdvice(setting: string, level: Level, levels: readonly Level[], keyLevel: Level): string {
  if (!keyLevel.fromStack) {
    // Only the variables of the first level take precedence over the stack's configuration.
    const [first = keyLevel] = levels;
    return `Set ${first.url[0]} to the address for these keys, or ${first.site[0]} to their Datadog site.`;
  }
  const isOverridden = levels.indexOf(level) < levels.indexOf(keyLevel);
  return `Set ${keyLevel.url[0]} next to the keys${isOverridden ? `, and unset ${setting}` : ""}.`;
}
