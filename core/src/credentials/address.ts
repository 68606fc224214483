import { OrgConnectionsError } from "../api/org-connections-error.js";
import { checkedUrl, DEFAULT_SITE, isDatadogSite, isDatadogUrl, urlOfSite } from "./base-url.js";
import { isSet, type Level, type Setting } from "./levels.js";

const ENVIRONMENT = "the environment";
const STACK = "the stack's configuration";

/**
 * The base URL of an organization: the first setting that names one decides.
 *
 * An address may come from anywhere only if it is Datadog's own. Any other address counts only for keys that come from
 * the same place. There are two places. The environment is one, with all its variables: whoever controls one variable
 * of a process controls them all. The stack's configuration is the other: it is a file under review, and a change of it
 * must not decide where the keys of the environment are sent. An address from the other place is an error and is never
 * passed over, since keys that are meant for a sandbox must not go to Datadog either.
 *
 * @param levels - the settings to look through, best first
 * @param keys - the level that holds the keys
 * @param label - how messages name the organization
 * @throws `invalid-configuration`
 */
export function baseUrlOf(levels: readonly Level[], keys: Level, label: string): string {
  for (const level of levels) {
    const isSamePlace = level.fromStack === keys.fromStack;
    const [url = "", site = ""] = [level.url[1], level.site[1]];
    if (isSet(level.url)) {
      if (!isSamePlace && !isDatadogUrl(url)) throw otherPlace(level.url, level, levels, keys, label);
      return checkedUrl(url, level.url[0]);
    }
    if (isSet(level.site)) {
      if (!isSamePlace && !isDatadogSite(site)) throw otherPlace(level.site, level, levels, keys, label);
      return urlOfSite(site, level.site[0]);
    }
  }
  return urlOfSite(DEFAULT_SITE, "");
}

function otherPlace(
  [setting]: Setting,
  level: Level,
  levels: readonly Level[],
  keys: Level,
  label: string,
): OrgConnectionsError {
  const [from, other] = keys.fromStack ? [STACK, ENVIRONMENT] : [ENVIRONMENT, STACK];
  return new OrgConnectionsError("invalid-configuration", {
    happened:
      `The address of ${label} comes from ${setting}, but its keys from ${keys.apiKey[0]} and ${keys.appKey[0]}: keys from ` +
      `${from} go to an address from ${other} only if it is Datadog's own.`,
    advice: remedy(setting, level, levels, keys),
  });
}

/** What to set so that the address and the keys come from one place. */
function remedy(setting: string, level: Level, levels: readonly Level[], keys: Level): string {
  if (!keys.fromStack) {
    // Of all variables only these come before the stack's configuration.
    const [first = keys] = levels;
    return `Set ${first.url[0]} to the address of these keys, or ${first.site[0]} to their Datadog site.`;
  }
  const isOverruled = levels.indexOf(level) < levels.indexOf(keys);
  return `Set ${keys.url[0]} beside the keys${isOverruled ? `, and unset ${setting}` : ""}.`;
}
