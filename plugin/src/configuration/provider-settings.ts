import type { Settings } from "datadog-org-connections-core/credentials/levels.js";
import type { Properties } from "../protocol/values.js";
import { hasUnknown, listSettingArguments, toSettingKey, toSettingText } from "./arguments.js";
import { omitReplacedVariables } from "./replaced-variables.js";

/** How the engine configures a provider. */
export interface Configuration {
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
