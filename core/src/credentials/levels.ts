import {
  CREDENTIAL_VARIABLES,
  isSet,
  listKinds,
  mapCredentialSettings,
  type CredentialSettings,
  type Setting,
  type SettingNames,
} from "./credential-kinds.js";
import { toVariableSuffix, formatOrganizationPath, NAMESPACE } from "./setting-names.js";
import { readNamedOrganizations, type ConfigReader } from "./settings.js";

/** Where settings come from: the environment, and either a stack's configuration or the arguments of a provider. */
export interface Settings {
  /** Reads the stack's configuration or the arguments of the provider. */
  config: ConfigReader;
  env: Readonly<Record<string, string | undefined>>;
  /** The name of the provider, if `config` reads the arguments of a provider. Missing if `config` reads a stack's configuration. */
  providerName?: string;
  /** Whether the Datadog provider's settings in `config`, such as `datadog:apiKey`, apply too. @default true */
  readsDatadogProvider?: boolean;
}

/** The settings of an organization that come from one place, at one level of precedence. */
export interface Level extends CredentialSettings {
  /** The UUID of the organization. */
  id: Setting;
  site: Setting;
  url: Setting;
  /** Whether the settings come from {@link Settings.config}, not from the environment. */
  fromConfig: boolean;
  /** Whether other tools, such as Datadog's Terraform provider, also read these settings. */
  isReadByOtherTools: boolean;
  /** Whether an identity at this level also serves named organizations: see {@link findSharedIdentity}. */
  sharesIdentity: boolean;
}

type Flags = Pick<Level, "fromConfig" | "isReadByOtherTools" | "sharesIdentity">;
type LevelSetting = Exclude<keyof Level, keyof Flags>;

/** Computes a value for each setting of a level, from its names. */
const mapSettings = <T>(compute: (names: SettingNames<LevelSetting>) => T): Record<LevelSetting, T> => ({
  ...mapCredentialSettings(compute),
  id: compute({ setting: "id", variable: "ORG_UUID", datadogProvider: "orgUuid" }),
  // The Datadog provider has no setting for the site.
  site: compute({ setting: "site", variable: "SITE", datadogProvider: "" }),
  url: compute({ setting: "url", variable: "HOST", datadogProvider: "apiUrl" }),
});

/** The names of environment variables, without `DD_` and the suffix of an organization. */
export const VARIABLE_NAMES = mapSettings(({ variable }) => variable);

/** Matches a variable that shows that an organization exists. Captures `SHOP` of `DD_API_KEY__SHOP`. */
const NAMING_VARIABLE = new RegExp(
  `^DD_(?:${[...Object.values(CREDENTIAL_VARIABLES), VARIABLE_NAMES.id].join("|")})__([A-Z0-9_]+)$`,
);

/** Lists the suffixes of the organizations that environment variables name. */
export function listVariableSuffixes(env: Settings["env"]): string[] {
  const suffixes = Object.entries(env).flatMap(([variable, value]) =>
    (value ?? "").trim() === "" ? [] : (NAMING_VARIABLE.exec(variable)?.[1] ?? []),
  );
  return [...new Set(suffixes)];
}

/**
 * Returns the levels of an organization, highest precedence first.
 *
 * @param source - the name of the organization; missing for the default organization
 * @throws `invalid-configuration` if `source` is set and the settings of the named organizations are invalid
 */
export function getLevels(source: string | undefined, settings: Settings): Level[] {
  const { config, env, readsDatadogProvider = true } = settings;
  const suffix = toVariableSuffix(source);
  const readVariable = (name: string): Setting => [name, env[name]];
  const readEntry = (key: string): Setting => [formatEntry(key, settings), config(key)];
  const environment = createLevel(({ variable }) => readVariable(`DD_${variable}__${suffix}`), {});
  environment.identity = toIdentitySetting(environment.identity);
  if (source !== undefined) {
    const { identity, ...others } = readNamedOrganizations(config).get(source) ?? {};
    const values: Record<string, string | undefined> = {
      ...others,
      identity: identity && JSON.stringify(identity),
    };
    const readProperty = ({ setting }: SettingNames<LevelSetting>): Setting => [
      formatEntry(formatOrganizationPath(source, setting), settings),
      values[setting],
    ];
    return [environment, createLevel(readProperty, { fromConfig: true })];
  }
  const readFirst = (...names: string[]): Setting =>
    names.map(readVariable).find(isSet) ?? readVariable(names[0] ?? "");
  const datadogProvider = createLevel(
    ({ datadogProvider: name }) => (name === "" ? ["", undefined] : readEntry(`datadog:${name}`)),
    { fromConfig: true, isReadByOtherTools: true },
  );
  datadogProvider.identity = toIdentitySetting(
    datadogProvider.identity,
    config("datadog:cloudProviderRegion"),
  );
  const usual = createLevel(
    // There is no DATADOG_SITE.
    ({ setting, variable: name }) =>
      setting === "site" ? readVariable("DD_SITE") : readFirst(`DD_${name}`, `DATADOG_${name}`),
    { isReadByOtherTools: true, sharesIdentity: true },
  );
  usual.identity = toIdentitySetting(usual.identity);
  return [
    environment,
    createLevel(({ setting }) => readEntry(`${NAMESPACE}:${setting}`), {
      fromConfig: true,
      sharesIdentity: true,
    }),
    ...(readsDatadogProvider ? [datadogProvider] : []),
    usual,
  ];
}

/** Formats a key of the stack's configuration, or the corresponding argument of a provider, for messages. */
function formatEntry(key: string, { providerName }: Settings): string {
  if (providerName === undefined) return `stack configuration \`${key}\``;
  return `argument \`${key.slice(NAMESPACE.length + 1)}\` of provider "${providerName}"`;
}

function createLevel(read: (names: SettingNames<LevelSetting>) => Setting, flags: Partial<Flags>): Level {
  return {
    ...mapSettings(read),
    fromConfig: false,
    isReadByOtherTools: false,
    sharesIdentity: false,
    ...flags,
  };
}

/**
 * Converts a setting with the type of an identity to a setting with the identity as JSON.
 *
 * @param region - the region of the identity; used only for AWS
 */
function toIdentitySetting(setting: Setting, region?: string): Setting {
  const type = setting[1]?.trim();
  if (!isSet(setting)) return [setting[0], undefined];
  const hasRegion = type === "aws" && region !== undefined && region.trim() !== "";
  return [setting[0], JSON.stringify({ type, ...(hasRegion && { region: region.trim() }) })];
}

/** Whether a level has a token or at least one of the two keys. */
export const hasStoredCredentials = (level: Level): boolean =>
  listKinds(level).some(({ isStored }) => isStored);

/** Whether a level has credentials of any kind. They may be incomplete. */
export const hasCredentials = (level: Level): boolean => listKinds(level).length > 0;

/**
 * Whether the credentials of a level come from the stack's configuration or the arguments of a provider. An address that does not
 * belong to Datadog must come from the same place as the credentials (`base-url.ts`).
 *
 * Always false for an identity, because its proof comes from the environment, such as the token of a job. If the result were true,
 * a change to the configuration alone could declare an identity and an address, and send the proof to that address.
 */
export const hasConfigCredentials = (level: Level): boolean =>
  level.fromConfig && listKinds(level).every(({ isStored }) => isStored);

/** Formats the names of the settings that contain the credentials of a level. */
export const formatCredentialSettings = (level: Level): string =>
  listKinds(level)
    .slice(0, 1)
    .flatMap(({ settings }) => settings.map((name) => level[name][0]))
    .join(" and ");

/**
 * Finds the shared identity. This identity of the default organization also serves every named organization that has an `id` but
 * no credentials. Keys and tokens belong to one organization, so they are never shared. An identity can be shared, because
 * Datadog exchanges its proof for a separate token for each organization.
 *
 * @param defaultLevels - the levels of the default organization
 * @returns the level with this identity, without its keys and its token; `undefined` if there is no shared identity
 */
export function findSharedIdentity(defaultLevels: readonly Level[]): Level | undefined {
  const level = defaultLevels.find(({ sharesIdentity, identity }) => sharesIdentity && isSet(identity));
  return (
    level && {
      ...level,
      ...mapCredentialSettings(({ setting: name }): Setting =>
        name === "identity" ? level[name] : [level[name][0], undefined],
      ),
    }
  );
}
