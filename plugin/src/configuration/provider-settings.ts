import type { Settings } from "datadog-org-connections-core/credentials/levels.js";
import { NAMESPACE } from "datadog-org-connections-core/credentials/setting-names.js";
import type { Properties } from "../protocol/values.js";

/**
 * Converts the arguments of a provider to settings, as a stack's configuration has them: each value is a string, and a
 * structured value is JSON.
 */
export function toSettings(args: Properties, env: NodeJS.ProcessEnv): Settings {
  const values = new Map(
    Object.entries(args)
      .filter(([, value]) => value != null)
      .map(([name, value]) => [
        `${NAMESPACE}:${name}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
  );
  return { config: (key) => values.get(key), env };
}
