import * as v from "valibot";
import { OrgConnectionsError } from "../api/org-connections-error.js";

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

const uuid = v.pipe(v.string(), v.uuid("not a UUID"));

const organization = v.strictObject({
  apiKey: v.optional(v.string()),
  appKey: v.optional(v.string()),
  site: v.optional(v.string()),
  url: v.optional(v.string()),
  id: v.optional(v.pipe(uuid, v.toLowerCase())),
  auth: v.optional(v.picklist(["headers", "query"])),
});

/** What the stack's configuration says of one organization. */
export type OrganizationSettings = v.InferOutput<typeof organization>;

/** The last text that was parsed: each of hundreds of names asks for the same one, several times. */
let parsedBefore: { text: string; organizations: ReadonlyMap<string, OrganizationSettings> } | undefined;

/**
 * The named organizations of the stack's configuration, by name. Throws `invalid-configuration`.
 *
 * A Map, and parsed entry by entry: a name such as `constructor` or `__proto__` is a name like any other.
 */
export function namedOrganizations(config: ConfigReader): ReadonlyMap<string, OrganizationSettings> {
  const text = config(ORGANIZATIONS_KEY);
  if (text === undefined) return new Map();
  if (parsedBefore?.text === text) return parsedBefore.organizations;
  const entries = entriesByName(text);
  if (!entries) throw invalidOrganizations("is not an object of organizations by name");
  const organizations = new Map(
    entries.map(([name, settings]) => {
      refuseUuid(name);
      const parsed = v.safeParse(organization, settings);
      if (parsed.success) return [name, parsed.output];
      // Never the issue's own message: it quotes the value received, which may be a key.
      const path = v.getDotPath(parsed.issues[0]);
      throw invalidOrganizations(`is not valid at \`${name}${path === null ? "" : `.${path}`}\``);
    }),
  );
  parsedBefore = { text, organizations };
  return organizations;
}

function invalidOrganizations(problem: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The stack's configuration \`${ORGANIZATIONS_KEY}\` ${problem}.`,
    advice:
      `Each organization may have apiKey, appKey, site or url, id (a UUID) and auth ("headers" or "query"), each a text. ` +
      `Set one with: pulumi config set --secret --path '${ORGANIZATIONS_KEY}.NAME.apiKey'`,
  });
}

/** Reports and policies know organizations by ID and by name: a name must not pass for an ID. */
function refuseUuid(name: string): void {
  if (!v.is(uuid, name.trim())) return;
  throw new OrgConnectionsError("invalid-configuration", {
    happened: `The stack's configuration \`${ORGANIZATIONS_KEY}\` calls an organization "${name}".`,
    advice:
      `A name in the form of a UUID ` +
      `could be taken for an organization's ID in a report or a policy: choose another name, and use it in \`source\` too.`,
  });
}

/** Where one setting of a named organization is, as `pulumi config set --path` takes it. */
export function organizationPath(name: string, setting: string): string {
  const part = name === "" || /[.["]/.test(name) ? `["${name.replaceAll('"', '\\"')}"]` : `.${name}`;
  return `${ORGANIZATIONS_KEY}${part}.${setting}`;
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

/** What the JSON text of an object holds, each value by its name; none when it is not the text of an object. */
export function entriesByName(text: string): [name: string, value: unknown][] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}
