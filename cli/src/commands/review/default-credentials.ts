import { isDeepStrictEqual } from "node:util";
import { resolveCredentials, type Settings } from "datadog-org-connections-core/credentials/resolve.js";

/**
 * Whether dynamic resources and the plugin's default provider certainly have the same default organization. This is certain if
 * both have the same credentials and the same address. These can differ, because dynamic resources also read the settings of the
 * Datadog provider, such as `datadog:apiKey`, and the plugin does not. False if the settings of either are invalid or contain no
 * credentials.
 */
export function hasSameDefaultAsPlugin(settings: Settings): boolean {
  try {
    const [ofDynamic, ofPlugin] = [true, false].map((readsDatadogProvider) => {
      const { authentication, baseUrl } = resolveCredentials(undefined, {
        ...settings,
        readsDatadogProvider,
      });
      return { authentication, baseUrl };
    });
    return isDeepStrictEqual(ofDynamic, ofPlugin);
  } catch {
    return false;
  }
}
