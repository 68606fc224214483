import * as v from "valibot";
import { OrgConnectionsError } from "../errors/org-connections-error.js";

/** Reads one value of the stack's configuration by its full key, `namespace:name`. Structured values are JSON text. */
export type ConfigReader = (key: string) => string | undefined;

/** The namespace of this package in a stack's configuration. */
export const NAMESPACE = "datadog-org-connections";

/** Where the named organizations stand. */
export const ORGANIZATIONS_KEY = `${NAMESPACE}:organizations`;

/** Configuration keys that hold a key of Datadog as their whole value. */
export const SECRET_KEYS = [
  `${NAMESPACE}:apiKey`,
  `${NAMESPACE}:appKey`,
  "datadog:apiKey",
  "datadog:appKey",
] as const;

const organization = v.strictObject({
  apiKey: v.optional(v.string()),
  appKey: v.optional(v.string()),
  site: v.optional(v.string()),
  url: v.optional(v.string()),
  id: v.optional(v.pipe(v.string(), v.uuid("not a UUID"), v.toLowerCase())),
  auth: v.optional(v.picklist(["headers", "query"])),
});

/** What the stack's configuration says of one organization. */
export type OrganizationSettings = v.InferOutput<typeof organization>;

/** The last text that was parsed: each of hundreds of names asks for the same one, several times. */
let parsedBefore: { text: string; organizations: Readonly<Record<string, OrganizationSettings>> } | undefined;

/** The named organizations of the stack's configuration, by name. Throws `invalid-configuration`. */
export function namedOrganizations(config: ConfigReader): Readonly<Record<string, OrganizationSettings>> {
  const text = config(ORGANIZATIONS_KEY);
  if (text === undefined) return {};
  if (parsedBefore?.text === text) return parsedBefore.organizations;
  const parsed = v.safeParse(v.record(v.string(), organization), parseJson(text));
  if (parsed.success) {
    parsedBefore = { text, organizations: parsed.output };
    return parsed.output;
  }
  // Never the issue's own message: it quotes the value received, which may be a key.
  const path = v.getDotPath(parsed.issues[0]);
  throw new OrgConnectionsError(
    "invalid-configuration",
    `The stack's configuration \`${ORGANIZATIONS_KEY}\` ${path === null ? "is not an object of organizations by name" : `is not valid at \`${path}\``}. ` +
      `Each organization may have apiKey, appKey, site or url, id (a UUID) and auth ("headers" or "query"), each a text. ` +
      `Set one with: pulumi config set --secret --path '${ORGANIZATIONS_KEY}.NAME.apiKey'`,
  );
}

/** What the stack's configuration says of the default organization, in this package's namespace. */
export function defaultOrganization(config: ConfigReader): OrganizationSettings {
  const read = (name: string) => config(`${NAMESPACE}:${name}`);
  const settings = Object.fromEntries(
    Object.keys(organization.entries).flatMap((name) => {
      const value = read(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const parsed = v.safeParse(organization, settings);
  if (parsed.success) return parsed.output;
  throw new OrgConnectionsError(
    "invalid-configuration",
    `The stack's configuration \`${NAMESPACE}:${String(v.getDotPath(parsed.issues[0]))}\` is not valid: ` +
      `id is a UUID, auth is "headers" or "query".`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
