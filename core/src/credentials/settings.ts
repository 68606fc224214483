import * as v from "valibot";
import { OrgConnectionsError } from "../api/org-connections-error.js";

/** Reads a configuration value by its full key, `namespace:name`. Structured values are JSON strings. */
export type ConfigReader = (key: string) => string | undefined;

/** The namespace of this package in a stack's configuration. */
export const NAMESPACE = "datadog-org-connections";

/** The configuration key of the named organizations. */
export const ORGANIZATIONS_KEY = `${NAMESPACE}:organizations`;

/** The configuration keys whose whole value is a Datadog key. */
export const SECRET_KEYS = [
  `${NAMESPACE}:apiKey`,
  `${NAMESPACE}:appKey`,
  "datadog:apiKey",
  "datadog:appKey",
] as const;

const uuidSchema = v.pipe(v.string(), v.uuid("not a UUID"));

const organizationSchema = v.strictObject({
  apiKey: v.optional(v.string()),
  appKey: v.optional(v.string()),
  site: v.optional(v.string()),
  url: v.optional(v.string()),
  id: v.optional(v.pipe(uuidSchema, v.toLowerCase())),
  auth: v.optional(v.picklist(["headers", "query"])),
});

/** The settings of one organization in the stack's configuration. */
export type OrganizationSettings = v.InferOutput<typeof organizationSchema>;

/**
 * Caches the last parsed string, because a program with hundreds of names parses the same string many times.
 */
let lastParsed: { text: string; organizations: ReadonlyMap<string, OrganizationSettings> } | undefined;

/**
 * Reads the named organizations of the stack's configuration, by name. Parses each entry separately and
 * returns a Map, so that names such as `constructor` and `__proto__` are ordinary names.
 *
 * @throws `invalid-configuration`
 */
export function readNamedOrganizations(config: ConfigReader): ReadonlyMap<string, OrganizationSettings> {
  const text = config(ORGANIZATIONS_KEY);
  if (text === undefined) return new Map();
  if (lastParsed?.text === text) return lastParsed.organizations;
  const entries = parseEntries(text);
  if (!entries) throw createInvalidOrganizationsError("is not an object that maps names to organizations");
  const organizations = new Map(
    entries.map(([name, settings]) => {
      refuseUuid(name);
      const parsed = v.safeParse(organizationSchema, settings);
      if (parsed.success) return [name, parsed.output];
      // Do not use the schema's message: it quotes the value, which may be a key.
      const path = v.getDotPath(parsed.issues[0]);
      throw createInvalidOrganizationsError(`is invalid at \`${name}${path === null ? "" : `.${path}`}\``);
    }),
  );
  lastParsed = { text, organizations };
  return organizations;
}

function createInvalidOrganizationsError(problem: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The stack's configuration \`${ORGANIZATIONS_KEY}\` ${problem}.`,
    advice:
      `Each organization may have apiKey, appKey, site or url, id (a UUID) and auth ("headers" or "query"), ` +
      `each a string. Set one with: pulumi config set --secret --path '${ORGANIZATIONS_KEY}.NAME.apiKey'`,
  });
}

/** Reports and policies accept organizations by ID and by name, so a name must not be a valid ID. */
function refuseUuid(name: string): void {
  if (!v.is(uuidSchema, name.trim())) return;
  throw new OrgConnectionsError("invalid-configuration", {
    happened: `The stack's configuration \`${ORGANIZATIONS_KEY}\` contains an organization named "${name}". This name has the format of a UUID.`,
    advice:
      `In reports and policies, this name could be mistaken for an organization ID. ` +
      `Choose another name, and use it in \`source\` too.`,
  });
}

/** Formats the path of a setting of a named organization for `pulumi config set --path`. */
export function formatOrganizationPath(name: string, setting: string): string {
  const part = name === "" || /[.["]/.test(name) ? `["${name.replaceAll('"', '\\"')}"]` : `.${name}`;
  return `${ORGANIZATIONS_KEY}${part}.${setting}`;
}

/**
 * Reads the settings of the default organization in this package's namespace of the stack's configuration.
 */
export function readDefaultOrganization(config: ConfigReader): OrganizationSettings {
  const read = (name: string) => config(`${NAMESPACE}:${name}`);
  const settings = Object.fromEntries(
    Object.keys(organizationSchema.entries).flatMap((name) => {
      const value = read(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const parsed = v.safeParse(organizationSchema, settings);
  if (parsed.success) return parsed.output;
  throw new OrgConnectionsError(
    "invalid-configuration",
    `The stack's configuration \`${NAMESPACE}:${String(v.getDotPath(parsed.issues[0]))}\` is invalid: ` +
      `id must be a UUID, and auth must be "headers" or "query".`,
  );
}

/** Parses a JSON object into its entries. Returns `undefined` if the string is not a JSON object. */
export function parseEntries(text: string): [name: string, value: unknown][] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}
