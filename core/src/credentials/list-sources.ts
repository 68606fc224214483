import { hasKeysOrToken } from "./level-credentials.js";
import { getLevels, isSet, type Settings } from "./levels.js";
import { toOrganizationName, toVariableSuffix } from "./organization-name.js";
import { readNamedOrganizations } from "./settings.js";

/**
 * Lists the organizations of the settings by name: the default one (`undefined`), if it has a key, a token, or an identity with an
 * id; the named ones of the stack's configuration; then those that only variables name (`DD_API_KEY__SHOP` is `shop`, and so is `DD_ORG_UUID__SHOP`,
 * because a top-level identity may serve it).
 *
 * @param spellings - how the configurations of other stacks spell a name, by the suffix of its variables
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
 * Whether the default organization has credentials. A top-level identity may be meant only for the named organizations: without an
 * id, it does not count as credentials of the default organization.
 */
function hasDefaultOrganization(settings: Settings): boolean {
  const levels = getLevels(undefined, settings);
  const has = (setting: "id" | "identity") => levels.some((level) => isSet(level[setting]));
  return levels.some(hasKeysOrToken) || (has("identity") && has("id"));
}
