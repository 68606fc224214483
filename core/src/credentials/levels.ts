import { toVariableSuffix } from "./organization-name.js";
import { formatOrganizationPath, NAMESPACE } from "./setting-names.js";
import { readNamedOrganizations, type ConfigReader } from "./settings.js";

/** Where settings come from: a stack's configuration and the environment. */
export interface Settings {
  config: ConfigReader;
  env: Readonly<Record<string, string | undefined>>;
}

/** A setting: its name in messages, and its value. */
export type Setting = [name: string, value: string | undefined];

/** The settings of an organization at one level of precedence. */
export interface Level {
  apiKey: Setting;
  appKey: Setting;
  bearerToken: Setting;
  site: Setting;
  url: Setting;
  /** Whether the settings are in the stack's configuration. Otherwise, they are in the environment. */
  fromStack: boolean;
}

type SettingNames = Omit<Record<keyof Level, string>, "fromStack">;

const IN_STACK: SettingNames = {
  apiKey: "apiKey",
  appKey: "appKey",
  bearerToken: "bearerToken",
  site: "site",
  url: "url",
};

/** Returns the levels that may contain the credentials of an organization, highest precedence first. */
export function getLevels(source: string | undefined, { config, env }: Settings): Level[] {
  const suffix = toVariableSuffix(source);
  const readVariable = (name: string): Setting => [name, env[name]];
  const readEntry = (key: string): Setting => [`stack configuration \`${key}\``, config(key)];
  const createLevel = (read: (name: string) => Setting, names: SettingNames, fromStack: boolean): Level => ({
    apiKey: read(names.apiKey),
    appKey: read(names.appKey),
    bearerToken: read(names.bearerToken),
    site: names.site === "" ? ["", undefined] : read(names.site),
    url: read(names.url),
    fromStack,
  });
  const environment = createLevel(
    (name) => readVariable(`DD_${name}__${suffix}`),
    { apiKey: "API_KEY", appKey: "APP_KEY", bearerToken: "BEARER_TOKEN", site: "SITE", url: "HOST" },
    false,
  );
  if (source !== undefined) {
    const settings: Record<string, string | undefined> = readNamedOrganizations(config).get(source) ?? {};
    const readProperty = (name: string): Setting => [
      `stack configuration \`${formatOrganizationPath(source, name)}\``,
      settings[name],
    ];
    return [environment, createLevel(readProperty, IN_STACK, true)];
  }
  const readFirst = (...names: string[]): Setting =>
    names.map(readVariable).find(isSet) ?? readVariable(names[0] ?? "");
  return [
    environment,
    createLevel((name) => readEntry(`${NAMESPACE}:${name}`), IN_STACK, true),
    createLevel((name) => readEntry(`datadog:${name}`), { ...IN_STACK, site: "", url: "apiUrl" }, true),
    {
      apiKey: readFirst("DD_API_KEY", "DATADOG_API_KEY"),
      appKey: readFirst("DD_APP_KEY", "DATADOG_APP_KEY"),
      bearerToken: readFirst("DD_BEARER_TOKEN", "DATADOG_BEARER_TOKEN"),
      site: readVariable("DD_SITE"),
      url: readFirst("DD_HOST", "DATADOG_HOST"),
      fromStack: false,
    },
  ];
}

/** Whether a setting has a value that is not blank. */
export function isSet([, value]: Setting): boolean {
  return value !== undefined && value.trim() !== "";
}

/** Whether a level has a token or at least one of the two keys. */
export const hasCredentials = ({ apiKey, appKey, bearerToken }: Level): boolean =>
  [apiKey, appKey, bearerToken].some(isSet);

/** Formats the settings that hold the credentials of a level: a token, or else both keys. */
export const formatCredentialSettings = ({ apiKey, appKey, bearerToken }: Level): string =>
  isSet(bearerToken) ? bearerToken[0] : `${apiKey[0]} and ${appKey[0]}`;
