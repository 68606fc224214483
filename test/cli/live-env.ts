import type { Sandbox } from "../../sandbox/src/index.js";
import { suffixOf } from "../../core/src/credentials/resolve.js";

/** The environment in which these organizations of the sandbox are configured by their names. */
export function envOf(sandbox: Sandbox, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const { apiKey, appKey } = sandbox.organization(key);
      const suffix = suffixOf(key);
      return [
        [`DD_API_KEY__${suffix}`, apiKey],
        [`DD_APP_KEY__${suffix}`, appKey],
        [`DD_HOST__${suffix}`, sandbox.url],
      ];
    }),
  );
}
