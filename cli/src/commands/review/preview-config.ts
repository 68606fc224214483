import * as v from "valibot";
import {
  entriesByName,
  NAMESPACE,
  ORGANIZATIONS_KEY,
  type ConfigReader,
} from "datadog-org-connections-core/credentials/settings.js";
import { isMark } from "../../stack/told.js";

const organization = v.object({
  id: v.pipe(
    v.optional(v.string()),
    v.transform((id) => (isMark(id) ? undefined : id)),
  ),
  site: v.optional(v.string()),
  url: v.optional(v.string()),
});

const ID_KEY = `${NAMESPACE}:id`;
const ADDRESS_KEYS = [`${NAMESPACE}:site`, `${NAMESPACE}:url`, "datadog:apiUrl"];

/** The configuration of a preview, as far as it may serve keys of the environment. */
export interface PreviewConfig {
  config: ConfigReader;
  /** Why no organization that has a name can be looked up; none: they can. */
  hidden?: string | undefined;
}

/**
 * Picks from a preview's configuration what may serve keys of the environment. The preview is a file under review: no
 * key is taken from it, no form of authentication, no limit; of each organization `id` and `site` are. An address is
 * handed on so that the rule about addresses refuses it (credentials/address.ts): an organization that has one is not
 * looked up anywhere else. Where the environment itself gives one address for all, only the ids are taken.
 */
export function parsePreviewConfig(
  config: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): PreviewConfig {
  const isAddressed = ["DD_HOST__DEFAULT", "DD_HOST", "DATADOG_HOST"].some(
    (name) => (env[name] ?? "").trim() !== "",
  );
  const text = config[ORGANIZATIONS_KEY];
  const organizations = text === undefined ? {} : pickOrganizations(text, isAddressed);
  const values = new Map<string, string | undefined>(
    (isAddressed ? [ID_KEY] : [ID_KEY, ...ADDRESS_KEYS]).map((key) => [key, config[key]]),
  );
  if (isMark(values.get(ID_KEY))) values.delete(ID_KEY);
  if (organizations) values.set(ORGANIZATIONS_KEY, JSON.stringify(organizations));
  const hidden =
    `The preview does not show \`${ORGANIZATIONS_KEY}\` (it may be a secret as a whole), so where the keys belong is ` +
    `unknown. Name the stack with --stack, or set DD_HOST to the address of the keys in the environment.`;
  return {
    config: (key) => values.get(key),
    hidden: organizations || isAddressed ? undefined : hidden,
  };
}

function pickOrganizations(text: string, isAddressed: boolean): object | undefined {
  const entries = entriesByName(text);
  if (!entries) return undefined;
  const picked: [name: string, settings: v.InferOutput<typeof organization>][] = [];
  for (const [name, value] of entries) {
    const parsed = v.safeParse(organization, value);
    if (!parsed.success) return undefined;
    picked.push([name, isAddressed ? { id: parsed.output.id } : parsed.output]);
  }
  return Object.fromEntries(picked);
}
