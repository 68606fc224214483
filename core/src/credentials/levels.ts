import { toVariableSuffix } from "./organization-name.js";
import { formatOrganizationPath, NAMESPACE } from "./setting-names.js";
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

/** A setting: its name in messages, and its value. */
export type Setting = [name: string, value: string | undefined];

/** The settings of an organization that come from one place, at one level of precedence. */
export interface Level {
  apiKey: Setting;
  appKey: Setting;
  bearerToken: Setting;
  /** A workload identity, as JSON. */
  identity: Setting;
  /** The UUID of the organization. */
  id: Setting;
  site: Setting;
  url: Setting;
  /** Whether the settings come from {@link Settings.config}, not from the environment. */
  fromConfig: boolean;
  /** Whether other tools, such as Datadog's Terraform provider, also read these settings. */
  isReadByOtherTools: boolean;
  /** Whether an identity at this level also serves named organizations: see level-credentials.ts. */
  sharesIdentity: boolean;
}

type Flags = Pick<Level, "fromConfig" | "isReadByOtherTools" | "sharesIdentity">;
type SettingNames = Record<Exclude<keyof Level, keyof Flags>, string>;

const STACK_NAMES: SettingNames = {
  apiKey: "apiKey",
  appKey: "appKey",
  bearerToken: "bearerToken",
  identity: "identity",
  id: "id",
  site: "site",
  url: "url",
};
const DATADOG_PROVIDER_NAMES: SettingNames = {
  ...STACK_NAMES,
  identity: "cloudProviderType",
  id: "orgUuid",
  // The Datadog provider has no setting for the site.
  site: "",
  url: "apiUrl",
};
/** The names of environment variables, without `DD_` and the suffix of an organization. */
export const VARIABLE_NAMES: SettingNames = {
  apiKey: "API_KEY",
  appKey: "APP_KEY",
  bearerToken: "BEARER_TOKEN",
  identity: "CLOUD_PROVIDER_TYPE",
  id: "ORG_UUID",
  site: "SITE",
  url: "HOST",
};

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
  const environment = createLevel((name) => readVariable(`DD_${name}__${suffix}`), VARIABLE_NAMES, {});
  environment.identity = toIdentitySetting(environment.identity);
  if (source !== undefined) {
    const { identity, ...others } = readNamedOrganizations(config).get(source) ?? {};
    const values: Record<string, string | undefined> = {
      ...others,
      identity: identity && JSON.stringify(identity),
    };
    const readProperty = (name: string): Setting => [
      formatEntry(formatOrganizationPath(source, name), settings),
      values[name],
    ];
    return [environment, createLevel(readProperty, STACK_NAMES, { fromConfig: true })];
  }
  const readFirst = (...names: string[]): Setting =>
    names.map(readVariable).find(isSet) ?? readVariable(names[0] ?? "");
  const datadogProvider = createLevel((name) => readEntry(`datadog:${name}`), DATADOG_PROVIDER_NAMES, {
    fromConfig: true,
    isReadByOtherTools: true,
  });
  datadogProvider.identity = toIdentitySetting(
    datadogProvider.identity,
    config("datadog:cloudProviderRegion"),
  );
  return [
    environment,
    createLevel((name) => readEntry(`${NAMESPACE}:${name}`), STACK_NAMES, {
      fromConfig: true,
      sharesIdentity: true,
    }),
    ...(readsDatadogProvider ? [datadogProvider] : []),
    {
      apiKey: readFirst("DD_API_KEY", "DATADOG_API_KEY"),
      appKey: readFirst("DD_APP_KEY", "DATADOG_APP_KEY"),
      bearerToken: readFirst("DD_BEARER_TOKEN", "DATADOG_BEARER_TOKEN"),
      identity: toIdentitySetting(readFirst("DD_CLOUD_PROVIDER_TYPE", "DATADOG_CLOUD_PROVIDER_TYPE")),
      id: readFirst("DD_ORG_UUID", "DATADOG_ORG_UUID"),
      site: readVariable("DD_SITE"),
      url: readFirst("DD_HOST", "DATADOG_HOST"),
      fromConfig: false,
      isReadByOtherTools: true,
      sharesIdentity: true,
    },
  ];
}

/** Formats a key of the stack's configuration, or the corresponding argument of a provider, for messages. */
function formatEntry(key: string, { providerName }: Settings): string {
  if (providerName === undefined) return `stack configuration \`${key}\``;
  return `argument \`${key.slice(NAMESPACE.length + 1)}\` of provider "${providerName}"`;
}

/** Creates a level. A setting whose name is empty does not exist at this level. */
function createLevel(read: (name: string) => Setting, names: SettingNames, flags: Partial<Flags>): Level {
  const readNamed = (name: string): Setting => (name === "" ? ["", undefined] : read(name));
  return {
    apiKey: readNamed(names.apiKey),
    appKey: readNamed(names.appKey),
    bearerToken: readNamed(names.bearerToken),
    identity: readNamed(names.identity),
    id: readNamed(names.id),
    site: readNamed(names.site),
    url: readNamed(names.url),
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

/** Whether a setting has a value that is not blank. */
export function isSet([, value]: Setting): boolean {
  return value !== undefined && value.trim() !== "";
}
