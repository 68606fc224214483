import {
  CREDENTIAL_VARIABLES,
  SECRET_SETTINGS,
} from "datadog-org-connections-core/credentials/credential-kinds.js";
import { type Settings, VARIABLE_NAMES } from "datadog-org-connections-core/credentials/levels.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/setting-names.js";
import type { OrganizationSettings } from "datadog-org-connections-core/credentials/settings-schema.js";
import {
  readDefaultOrganization,
  readNamedOrganizations,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import type { Properties } from "../protocol/values.js";
import { hasUnknown, listSettingArguments, toSettingKey, toSettingText } from "./provider-arguments.js";

/** How the engine configures a provider. */
interface Configuration {
  args: Properties;
  env: NodeJS.ProcessEnv;
  /** The name of the provider, if a program declares it. Missing for the default provider. */
  providerName: string | undefined;
}

/**
 * Converts the arguments of a provider to settings. The engine does not configure a provider with unknown arguments. If one ever
 * did, half a configuration could be that of another organization, so then nothing is requested in the preview.
 */
export function toSettings({ args, env, providerName }: Configuration): Settings {
  const given = listSettingArguments(args);
  const known = given.filter(([, value]) => !hasUnknown(value));
  const values = new Map(known.map(([name, value]) => [toSettingKey(name), toSettingText(value)]));
  if (known.length < given.length) values.set(toSettingKey("checks"), "offline");
  const getValue = (key: string) => values.get(key);
  return {
    config: getValue,
    // The engine passes each provider only the configuration of its own package.
    readsDatadogProvider: false,
    ...(providerName === undefined ? { env } : { providerName, env: omitReplacedVariables(getValue, env) }),
  };
}

const { id, site, url } = VARIABLE_NAMES;

/**
 * Returns the environment without the variables that the arguments of an explicit provider replace. If the arguments hold the
 * credentials of an organization, no variable may replace them: the connection would be created from the organization of the
 * environment. An id in the environment is not that of these credentials either.
 *
 * An address in the environment stays, unless the arguments have one next to their keys. Keys from arguments are never sent to it
 * (core, base-url.ts). If it were ignored, keys of a test could be sent to Datadog.
 */
function omitReplacedVariables(
  config: ConfigReader,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string | undefined>> {
  const defaults = readDefaultOrganization(config);
  const organizations: [source: string | undefined, settings: OrganizationSettings][] = [
    [undefined, defaults],
    ...readNamedOrganizations(config),
  ];
  const replaced = new Set(
    organizations.flatMap(([source, settings]) => {
      const hasKeys = SECRET_SETTINGS.some((name) => isGiven(settings[name]));
      // The identity of the default organization also serves the organizations that have an id and no credentials.
      const servesId = defaults.identity !== undefined && settings.id !== undefined;
      if (!hasKeys && settings.identity === undefined && !servesId) return [];
      const hasAddress = hasKeys && [settings.site, settings.url].some(isGiven);
      const names = [...Object.values(CREDENTIAL_VARIABLES), id, ...(hasAddress ? [site, url] : [])];
      const suffix = toVariableSuffix(source);
      return [
        ...names.map((name) => `DD_${name}__${suffix}`),
        ...(source === undefined ? [`DD_${id}`, `DATADOG_${id}`] : []),
      ];
    }),
  );
  return Object.fromEntries(Object.entries(env).filter(([name]) => !replaced.has(name)));
}

const isGiven = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
