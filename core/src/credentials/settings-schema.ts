import * as v from "valibot";
import { isObject, parseJson } from "../text/data.js";
import { identitySchema, identityTextSchema } from "./identity-schema.js";
import { formatConfigCommand, formatOrganizationPath, formatSetCommand } from "./setting-names.js";

const stringSchema = v.string("must be a string");
const uuidSchema = v.pipe(stringSchema, v.uuid("must be a UUID"));

// The messages of these schemas do not quote values: a value may be a credential.
const describeObjectProblem = ({ path }: v.BaseIssue<unknown>): string =>
  path ? "is not a setting of an organization" : "must be an object";

/** The settings of one organization. */
export const organizationSchema = v.strictObject(
  {
    /** The API key. It also needs `appKey`. */
    apiKey: v.optional(stringSchema),
    /** The application key. */
    appKey: v.optional(stringSchema),
    /** A personal or service access token, instead of both keys. */
    bearerToken: v.optional(stringSchema),
    /** A workload identity, instead of stored credentials. It also needs `id`. */
    identity: v.optional(identitySchema),
    /** The Datadog site, such as `us5.datadoghq.com`. @default the default organization's site, or else `datadoghq.com` */
    site: v.optional(stringSchema),
    /** A complete base URL, which overrides `site`. */
    url: v.optional(stringSchema),
    /** The UUID of the organization. Before the first write, the credentials are verified to belong to it. */
    id: v.optional(v.pipe(uuidSchema, v.toLowerCase())),
    /** `headers`, or `query` to send the keys as query parameters. @default the default organization's `auth`, or else `headers` */
    auth: v.optional(v.picklist(["headers", "query"], 'must be "headers" or "query"')),
  },
  describeObjectProblem,
);

/** The settings of the default organization. Each is a separate configuration key with a string value. An identity is JSON. */
export const defaultOrganizationSchema = v.strictObject(
  {
    ...organizationSchema.entries,
    identity: v.optional(identityTextSchema),
  },
  describeObjectProblem,
);

/** The settings of one organization. */
export type OrganizationSettings = v.InferOutput<typeof organizationSchema>;

/** Whether organizations can have a setting of this name. */
export const isOrganizationSetting = (name: string): boolean =>
  Object.hasOwn(organizationSchema.entries, name);

/**
 * The named organizations, as a JSON object by name. Each organization is parsed separately, and the result is a Map, so that
 * `constructor` and `__proto__` are ordinary names.
 */
const organizationsSchema = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): ReadonlyMap<string, OrganizationSettings> => {
    const entries = parseEntries(dataset.value);
    if (!entries) {
      addIssue({ message: "is not an object that maps names to organizations" });
      return NEVER;
    }
    const organizations = new Map<string, OrganizationSettings>();
    for (const [name, settings] of entries) {
      if (v.is(uuidSchema, name.trim())) addIssue({ message: formatUuidNameProblem(name) });
      const parsed = v.safeParse(organizationSchema, settings);
      if (parsed.success) organizations.set(name, parsed.output);
      else addIssue({ message: formatOrganizationProblem(name, settings, parsed.issues[0]) });
    }
    return organizations;
  }),
);

/** Policies and reports identify an organization by its ID or its name, so a name must not have the format of an ID. */
const formatUuidNameProblem = (name: string): string =>
  `contains an organization named "${name}". This name has the format of a UUID, and could be mistaken for an ` +
  `organization ID in reports and policies. Choose another name, and use it in \`source\` too`;

function formatOrganizationProblem(name: string, settings: unknown, issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "";
  const invalid = `is invalid at \`${name}${path === "" ? "" : `.${path}`}\`: it ${issue.message}`;
  const part = findPartAfterDot(settings);
  if (part === undefined) return invalid;
  const command = formatConfigCommand("rm --path", formatOrganizationPath(name, part));
  return (
    `${invalid}. If the name of the organization is "${name}.${part}", remove this entry (${command}) and write the name in ` +
    `brackets (${formatSetCommand(`${name}.${part}`, "apiKey")})`
  );
}

/**
 * Returns the part of a name after the first dot, if `pulumi config set --path` has split the name at its dots. For the name
 * `team.a`, the path `organizations.team.a.apiKey` creates the entry `team` with the value `{ a: { apiKey: … } }`. Then the part
 * is `a`.
 *
 * @param settings - the value of the entry
 * @returns `undefined` if the entry does not have this form
 */
function findPartAfterDot(settings: unknown): string | undefined {
  if (!isObject(settings)) return undefined;
  const [part, nested] =
    Object.entries(settings).find(([key, value]) => isObject(value) && !isOrganizationSetting(key)) ?? [];
  const rest = findPartAfterDot(nested);
  return rest === undefined ? part : `${String(part)}.${rest}`;
}

/** Parses a JSON object into its entries. Returns `undefined` if the string is not a JSON object. */
export function parseEntries(json: string): [name: string, value: unknown][] | undefined {
  const value = parseJson(json);
  return isObject(value) ? Object.entries(value) : undefined;
}

/** Creates the schema of a limit: an integer from 1 to a maximum. The engine passes numbers as strings. */
function createLimitSchema(defaultValue: number, maximum: number) {
  const message = `must be an integer from 1 to ${maximum}`;
  const limit = v.pipe(
    v.string(),
    v.transform(Number),
    v.integer(message),
    v.minValue(1, message),
    v.maxValue(maximum, message),
  );
  return v.optional(limit, String(defaultValue));
}

/** The limits of calls: attempts, timeouts and concurrent requests. */
export const callLimitsSchema = v.object({
  /** Maximum attempts of one call, including the first one. @default 6 */
  maxAttempts: createLimitSchema(6, 100),
  /** Timeout of one request, in seconds. @default 30 */
  requestTimeoutSeconds: createLimitSchema(30, 600),
  /** Timeout of one call with all its attempts and delays, in seconds. @default 120 */
  callTimeoutSeconds: createLimitSchema(120, 3600),
  /** Maximum concurrent requests of one organization. @default 32 */
  maxConcurrent: createLimitSchema(32, 256),
});

/**
 * All settings of this package in a stack's configuration, by their name in this package's namespace. The engine passes each value
 * as a string. A structured value is a JSON string. The schema ignores unknown names, but `requireValidSettings` and
 * `findInvalidSettings` report them.
 */
export const settingsSchema = v.object({
  /** The settings of the default organization. */
  ...defaultOrganizationSchema.entries,
  /** The named organizations, each with its credentials. A resource selects one with `source`. */
  organizations: v.optional(organizationsSchema),
  /** `online` runs the preview checks, which use credentials and the API. `offline` disables them. @default online */
  checks: v.optional(v.picklist(["online", "offline"], 'must be "online" or "offline"'), "online"),
  ...callLimitsSchema.entries,
});
