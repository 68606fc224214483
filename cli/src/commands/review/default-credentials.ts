import { isDeepStrictEqual } from "node:util";
import { resolveCredentials, type Settings } from "datadog-org-connections-core/credentials/resolve.js";

/**
 * Whether the default organization of dynamic resources is that of the plugin's default provider. Only dynamic resources read the
 * settings of the Datadog provider, such as `datadog:apiKey`. False if that cannot be determined.
 */
export function isDefaultOrganizationOfPlugin(settings: Settings): boolean {
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
