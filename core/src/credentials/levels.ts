import { namedOrganizations, NAMESPACE, organizationPath, type ConfigReader } from "./settings.js";

/** Where settings come from. */
export interface Settings {
  config: ConfigReader;
  env: Readonly<Record<string, string | undefined>>;
}

/** A value and the name of the setting that holds it. */
export type Setting = [name: string, value: string | undefined];

/** One level of the precedence. */
export interface Level {
  apiKey: Setting;
  appKey: Setting;
  site: Setting;
  url: Setting;
  /** Whether it is the stack's configuration; if not, the environment. */
  fromStack: boolean;
}

/** `payments-prod` to `PAYMENTS_PROD`: the end of the environment variables of a name. */
export function suffixOf(source: string | undefined): string {
  return (source ?? "default").toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/** The levels that may hold the keys of an organization, best first. */
export function levelsOf(source: string | undefined, { config, env }: Settings): Level[] {
  const suffix = suffixOf(source);
  const variable = (name: string): Setting => [name, env[name]];
  const entry = (key: string): Setting => [`stack configuration \`${key}\``, config(key)];
  const level = (read: (name: string) => Setting, names: string[], fromStack: boolean): Level => {
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
  const environment = level(
    variable,
    ["API_KEY", "APP_KEY", "SITE", "HOST"].map((name) => `DD_${name}__${suffix}`),
    false,
  );
  if (source !== undefined) {
    const own: Record<string, string | undefined> = namedOrganizations(config).get(source) ?? {};
    const property = (name: string): Setting => [
      `stack configuration \`${organizationPath(source, name)}\``,
      own[name],
    ];
    return [environment, level(property, ["apiKey", "appKey", "site", "url"], true)];
  }
  const first = (...names: string[]): Setting => names.map(variable).find(isSet) ?? variable(names[0] ?? "");
  return [
    environment,
    level(
      entry,
      ["apiKey", "appKey", "site", "url"].map((name) => `${NAMESPACE}:${name}`),
      true,
    ),
    level(entry, ["datadog:apiKey", "datadog:appKey", "", "datadog:apiUrl"], true),
    {
      apiKey: first("DD_API_KEY", "DATADOG_API_KEY"),
      appKey: first("DD_APP_KEY", "DATADOG_APP_KEY"),
      site: variable("DD_SITE"),
      url: first("DD_HOST", "DATADOG_HOST"),
      fromStack: false,
    },
  ];
}

/** Whether a setting has a value; an empty or blank one counts as none. */
export function isSet([, value]: Setting): boolean {
  return value !== undefined && value.trim() !== "";
}
