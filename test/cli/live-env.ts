import type { Sandbox } from "../../sandbox/src/index.js";
import { toVariableSuffix } from "../../core/src/credentials/setting-names.js";

/** Creates the environment with credentials for these organizations of the sandbox. */
export function createEnv(sandbox: Sandbox, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const { apiKey, appKey } = sandbox.getOrganization(key);
      const suffix = toVariableSuffix(key);
      return [
        [`DD_API_KEY__${suffix}`, apiKey],
        [`DD_APP_KEY__${suffix}`, appKey],
        [`DD_HOST__${suffix}`, sandbox.url],
      ];
    }),
  );
}
