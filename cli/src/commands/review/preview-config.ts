import * as v from "valibot";
import { parseEntries } from "datadog-org-connections-core/credentials/settings-schema.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "datadog-org-connections-core/credentials/setting-names.js";
import type { ConfigReader } from "datadog-org-connections-core/credentials/settings.js";
import { isPlaceholder } from "../../stack/resource-state.js";

// A secret `id` is omitted. The placeholder of a secret `site` or `url` is not an address of Datadog, so the lookup fails.
const organizationSchema = v.object({
  id: v.pipe(
    v.optional(v.string()),
    v.transform((id) => (isPlaceholder(id) ? undefined : id)),
  ),
  site: v.optional(v.string()),
  url: v.optional(v.string()),
});

const ID_KEY = `${NAMESPACE}:id`;
const PREVIEW_ADDRESS_KEYS = [`${NAMESPACE}:site`, `${NAMESPACE}:url`, "datadog:apiUrl"];

/**
 * The configuration for the lookup of one preview. It comes from the selected stack, or from the preview
 * ({@link pickPreviewConfig}).
 */
export interface PreviewConfig {
  config: ConfigReader;
  /** Why a lookup of named organizations is impossible. If absent, it is possible. */
  namedLookupProblem?: string | undefined;
}

/**
 * Picks the part of a preview's configuration that may be used with credentials from the environment. The preview is a file under
 * review, so only `datadog:apiUrl`, and `id`, `site` and `url` of each organization are used.
 *
 * - `apiKey`, `appKey`, `bearerToken`, `identity` and `auth` are not used.
 * - An address that does not belong to Datadog is kept, so that core/src/credentials/base-url.ts rejects it and the lookup
 *   fails. Without the address, the credentials would be sent to the default site.
 * - If `DD_HOST`, `DATADOG_HOST` or `DD_HOST__DEFAULT` is set, only the IDs are used, because an address in the preview could take
 *   precedence.
 */
export function pickPreviewConfig(
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): PreviewConfig {
  const environmentSetsAddress = ["DD_HOST__DEFAULT", "DD_HOST", "DATADOG_HOST"].some(
    (name) => (env[name] ?? "").trim() !== "",
  );
  const text = config[ORGANIZATIONS_KEY];
  const organizations = text === undefined ? {} : pickOrganizations(text, environmentSetsAddress);
  const values = new Map<string, string | undefined>(
    (environmentSetsAddress ? [ID_KEY] : [ID_KEY, ...PREVIEW_ADDRESS_KEYS]).map((key) => [key, config[key]]),
  );
  if (isPlaceholder(values.get(ID_KEY))) values.delete(ID_KEY);
  if (organizations) values.set(ORGANIZATIONS_KEY, JSON.stringify(organizations));
  const namedLookupProblem =
    `The preview does not show \`${ORGANIZATIONS_KEY}\` (all of it may be secret), so the site of the credentials is unknown. ` +
    `Name the stack with --stack, or set DD_HOST to the address of the site to which the credentials in the environment belong.`;
  return {
    config: (key) => values.get(key),
    namedLookupProblem: organizations || environmentSetsAddress ? undefined : namedLookupProblem,
  };
}

/**
 * Picks `id`, `site` and `url` of the named organizations, or only `id` if the environment sets an address. Returns undefined if
 * the setting cannot be parsed, for example because all of it is secret.
 */
function pickOrganizations(text: string, environmentSetsAddress: boolean): object | undefined {
  const entries = parseEntries(text);
  if (!entries) return undefined;
  const picked: [name: string, settings: v.InferOutput<typeof organizationSchema>][] = [];
  for (const [name, value] of entries) {
    const parsed = v.safeParse(organizationSchema, value);
    if (!parsed.success) return undefined;
    picked.push([name, environmentSetsAddress ? { id: parsed.output.id } : parsed.output]);
  }
  return Object.fromEntries(picked);
}
