import { hasKeysOrToken } from "./level-credentials.js";
import { getLevels, isSet, type Settings } from "./levels.js";
import { toOrganizationName, toVariableSuffix } from "./organization-name.js";
import { readNamedOrganizations } from "./settings.js";

/**
 * Lists the names of the organizations in the settings, in this order:
 *
 * - the default organization (`undefined`), if it has a key, a token, or both an identity and an `id`;
 * - the organizations that the stack's configuration names;
 * - the organizations that only environment variables name, such as `shop` for `DD_API_KEY__SHOP`. `DD_ORG_UUID__SHOP` alone is
 *   enough, because the shared identity (`findSharedIdentity`) may serve the organization.
 *
 * @param spellings - the spelling of each name in the configurations of all stacks, by the suffix of its variables
 * @throws `invalid-configuration`
 */
export function listSources(
  settings: Settings,
  spellings: ReadonlyMap<string, string> = new Map(),
): (string | undefined)[] {
  const named = [...readNamedOrganizations(settings.config).keys()];
  const known = new Set([undefined, ...named].map(toVariableSuffix));
  const byVariable = Object.entries(settings.env).flatMap(([variable, value]) => {
    const suffix = /^DD_(?:API_KEY|APP_KEY|BEARER_TOKEN|CLOUD_PROVIDER_TYPE|ORG_UUID)__([A-Z0-9_]+)$/.exec(
      variable,
    )?.[1];
    return suffix === undefined || known.has(suffix) || (value ?? "").trim() === ""
      ? []
      : [spellings.get(suffix) ?? toOrganizationName(suffix)];
  });
  return [
    ...(hasDefaultOrganization(settings) ? [undefined] : []),
    ...named,
    ...[...new Set(byVariable)].toSorted(),
  ];
}

/**
 * Whether the default organization has credentials. An identity without an `id` does not count, because it may be meant only for
 * the named organizations.
 */
function hasDefaultOrganization(settings: Settings): boolean {
  const levels = getLevels(undefined, settings);
  const hasSetting = (setting: "id" | "identity") => levels.some((level) => isSet(level[setting]));
  return levels.some(hasKeysOrToken) || (hasSetting("identity") && hasSetting("id"));
}
