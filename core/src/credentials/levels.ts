import { toVariableSuffix } from "./organization-name.js";
import { formatOrganizationPath, NAMESPACE } from "./setting-names.js";
import { readNamedOrganizations, type ConfigReader } from "./settings.js";

/** Where settings come from: a stack's configuration, or the arguments of a provider, and the environment. */
export interface Settings {
  config: ConfigReader;
  env: Readonly<Record<string, string | undefined>>;
  /** The name of the provider in the program whose arguments `config` reads. Missing if `config` reads a stack's configuration. */
  providerName?: string;
  /** Whether `config` also reads the settings of the Datadog provider. @default true */
  readsDatadogProvider?: boolean;
}

/** A setting: its name in messages, and its value. */
export type Setting = [name: string, value: string | undefined];

/** The settings of an organization at one level of precedence. */
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
  /** Whether `config` contains the settings: the stack's configuration or the arguments of a provider. Otherwise, the environment does. */
  fromStack: boolean;
  /** Whether other tools read these settings too, such as the Datadog provider of Terraform. */
  isShared: boolean;
  /** Whether an identity at this level also serves named organizations: see level-credentials.ts. */
  isTopLevel: boolean;
}

type Flags = Pick<Level, "fromStack" | "isShared" | "isTopLevel">;
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
  // It has no such setting.
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

/** Returns the levels that may contain the credentials of an organization, highest precedence first. */
export function getLevels(source: string | undefined, settings: Settings): Level[] {
  const { config, env, readsDatadogProvider = true } = settings;
  const suffix = toVariableSuffix(source);
  const readVariable = (name: string): Setting => [name, env[name]];
  const readEntry = (key: string): Setting => [formatEntry(key, settings), config(key)];
  const environment = createLevel((name) => readVariable(`DD_${name}__${suffix}`), VARIABLE_NAMES, {});
  environment.identity = toIdentity(environment.identity);
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
    return [environment, createLevel(readProperty, STACK_NAMES, { fromStack: true })];
  }
  const readFirst = (...names: string[]): Setting =>
    names.map(readVariable).find(isSet) ?? readVariable(names[0] ?? "");
  const ofDatadog = createLevel((name) => readEntry(`datadog:${name}`), DATADOG_PROVIDER_NAMES, {
    fromStack: true,
    isShared: true,
  });
  ofDatadog.identity = toIdentity(ofDatadog.identity, config("datadog:cloudProviderRegion"));
  return [
    environment,
    createLevel((name) => readEntry(`${NAMESPACE}:${name}`), STACK_NAMES, {
      fromStack: true,
      isTopLevel: true,
    }),
    ...(readsDatadogProvider ? [ofDatadog] : []),
    {
      apiKey: readFirst("DD_API_KEY", "DATADOG_API_KEY"),
      appKey: readFirst("DD_APP_KEY", "DATADOG_APP_KEY"),
      bearerToken: readFirst("DD_BEARER_TOKEN", "DATADOG_BEARER_TOKEN"),
      identity: toIdentity(readFirst("DD_CLOUD_PROVIDER_TYPE", "DATADOG_CLOUD_PROVIDER_TYPE")),
      id: readFirst("DD_ORG_UUID", "DATADOG_ORG_UUID"),
      site: readVariable("DD_SITE"),
      url: readFirst("DD_HOST", "DATADOG_HOST"),
      fromStack: false,
      isShared: true,
      isTopLevel: true,
    },
  ];
}

/** Formats the name of a configured value for messages. */
function formatEntry(key: string, { providerName }: Settings): string {
  if (providerName === undefined) return `stack configuration \`${key}\``;
  return `argument \`${key.slice(NAMESPACE.length + 1)}\` of provider "${providerName}"`;
}

/** Creates a level. A setting without a name does not exist. */
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
    fromStack: false,
    isShared: false,
    isTopLevel: false,
    ...flags,
  };
}

/** Converts a setting with the type of an identity to one with the identity as JSON. */
function toIdentity(setting: Setting, region?: string): Setting {
  const type = setting[1]?.trim();
  if (!isSet(setting)) return [setting[0], undefined];
  const hasRegion = type === "aws" && region !== undefined && region.trim() !== "";
  return [setting[0], JSON.stringify({ type, ...(hasRegion && { region: region.trim() }) })];
}

/** Whether a setting has a value that is not blank. */
export function isSet([, value]: Setting): boolean {
  return value !== undefined && value.trim() !== "";
}
