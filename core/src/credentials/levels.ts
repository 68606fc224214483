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
  site: Setting;
  url: Setting;
  /** Whether the settings are in the stack's configuration. Otherwise, they are in the environment. */
  fromStack: boolean;
}

/** Returns the levels that may contain the keys of an organization, highest precedence first. */
export function getLevels(source: string | undefined, { config, env }: Settings): Level[] {
  const suffix = toVariableSuffix(source);
  const readVariable = (name: string): Setting => [name, env[name]];
  const readEntry = (key: string): Setting => [`stack configuration \`${key}\``, config(key)];
  const createLevel = (read: (name: string) => Setting, names: string[], fromStack: boolean): Level => {
    const [apiKey = "", appKey = "", site = "", url = ""] = names;
    const absent: Setting = ["", undefined];
    return {
      apiKey: read(apiKey),
      appKey: read(appKey),
      site: site === "" ? absent : read(site),
      url: read(url),
      fromStack,
    };
  };
  const environment = createLevel(
    readVariable,
    ["API_KEY", "APP_KEY", "SITE", "HOST"].map((name) => `DD_${name}__${suffix}`),
    false,
  );
  if (source !== undefined) {
    const settings: Record<string, string | undefined> = readNamedOrganizations(config).get(source) ?? {};
    const readProperty = (name: string): Setting => [
      `stack configuration \`${formatOrganizationPath(source, name)}\``,
      settings[name],
    ];
    return [environment, createLevel(readProperty, ["apiKey", "appKey", "site", "url"], true)];
  }
  const readFirst = (...names: string[]): Setting =>
    names.map(readVariable).find(isSet) ?? readVariable(names[0] ?? "");
  return [
    environment,
    createLevel(
      readEntry,
      ["apiKey", "appKey", "site", "url"].map((name) => `${NAMESPACE}:${name}`),
      true,
    ),
    createLevel(readEntry, ["datadog:apiKey", "datadog:appKey", "", "datadog:apiUrl"], true),
    {
      apiKey: readFirst("DD_API_KEY", "DATADOG_API_KEY"),
      appKey: readFirst("DD_APP_KEY", "DATADOG_APP_KEY"),
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

/** Whether a level has at least one of the two keys. */
export const hasKey = ({ apiKey, appKey }: Level): boolean => isSet(apiKey) || isSet(appKey);
