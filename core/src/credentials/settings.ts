import * as v from "valibot";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { defaultOrganizationSchema, type OrganizationSettings } from "./organizations-schema.js";
import { NAMESPACE, ORGANIZATIONS_KEY } from "./setting-names.js";
import { callLimitsSchema, settingsSchema } from "./settings-schema.js";
import { refuseUnknownSettings } from "./unknown-settings.js";

export { NAMESPACE, ORGANIZATIONS_KEY } from "./setting-names.js";

/** Reads a configuration value by its full key, `namespace:name`. Structured values are JSON strings. */
export type ConfigReader = (key: string) => string | undefined;

/** The limits of calls: attempts, timeouts and concurrent requests. A stack's configuration can set them. */
export type CallLimits = v.InferOutput<typeof callLimitsSchema>;

/** Stops the checks of a value at the first failed check. Otherwise, a limit that is not a number would have three problems. */
const PARSE_OPTIONS = { abortPipeEarly: true };

const namedOrganizationsSchema = v.pick(settingsSchema, ["organizations"]);
const checkModeSchema = v.pick(settingsSchema, ["checks"]);

/** The last parsed string and its result. A program with hundreds of names needs the result of the same string many times. */
let lastParsed: { text: string; organizations: ReadonlyMap<string, OrganizationSettings> } | undefined;

/**
 * Reads the named organizations of the stack's configuration, by name.
 *
 * @throws `invalid-configuration`
 */
export function readNamedOrganizations(config: ConfigReader): ReadonlyMap<string, OrganizationSettings> {
  const text = config(ORGANIZATIONS_KEY);
  if (text === undefined) return new Map();
  if (lastParsed?.text === text) return lastParsed.organizations;
  const { organizations = new Map<string, OrganizationSettings>() } = parseSettings(
    namedOrganizationsSchema,
    config,
  );
  lastParsed = { text, organizations };
  return organizations;
}

/**
 * Reads the settings of the default organization in this package's namespace of the stack's configuration.
 *
 * @throws `invalid-configuration`
 */
export const readDefaultOrganization = (config: ConfigReader): OrganizationSettings =>
  parseSettings(defaultOrganizationSchema, config);

/**
 * Reads the limits, such as `datadog-org-connections:maxAttempts`, from a stack's configuration.
 *
 * @throws `invalid-configuration`
 */
export const readCallLimits = (config: ConfigReader): CallLimits => parseSettings(callLimitsSchema, config);

/**
 * Reads the setting `datadog-org-connections:checks`. With `online`, the preview checks run. They use credentials and the API.
 *
 * @throws `invalid-configuration`
 */
export const readCheckMode = (config: ConfigReader): "online" | "offline" =>
  parseSettings(checkModeSchema, config).checks;

/**
 * Requires that all settings in this package's namespace of a stack's configuration are known and valid. Ignores other namespaces.
 *
 * @param values - all values by full key
 * @throws `invalid-configuration` for unknown settings, or else for invalid values
 */
export function requireValidSettings(values: ReadonlyMap<string, string>): void {
  refuseUnknownSettings(values.keys());
  parseSettings(settingsSchema, (key) => values.get(key));
}

/** A setting that is unknown or has an invalid value. */
export interface InvalidSetting {
  /** Its name in this package's namespace. */
  name: string;
  /** The end of a sentence that begins with its name. */
  problem: string;
}

/**
 * Finds the settings that are unknown or have an invalid value. The problems do not quote values: a value may be a credential.
 *
 * @param values - the values by their name in this package's namespace
 */
export function findInvalidSettings(values: ReadonlyMap<string, string>): InvalidSetting[] {
  const names = Object.keys(settingsSchema.entries);
  const unknown = [...values.keys()]
    .filter((name) => !names.includes(name))
    .map((name) => ({
      name,
      problem: `is not a setting of this version of the package; the settings are ${names.join(", ")}`,
    }));
  const parsed = v.safeParse(settingsSchema, Object.fromEntries(values), PARSE_OPTIONS);
  const invalid = (parsed.issues ?? []).map((issue) => ({
    name: v.getDotPath(issue)?.split(".")[0] ?? "",
    problem: issue.message,
  }));
  return [...unknown, ...invalid];
}

type SettingsSchema = v.GenericSchema<object, unknown> & { entries: v.ObjectEntries };

/** Parses the settings of a schema. Each value comes from the key `namespace:name`, in this package's namespace. */
function parseSettings<Schema extends SettingsSchema>(
  schema: Schema,
  config: ConfigReader,
): v.InferOutput<Schema> {
  const given = Object.keys(schema.entries).flatMap((name) => {
    const value = config(`${NAMESPACE}:${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  const parsed = v.safeParse(schema, Object.fromEntries(given), PARSE_OPTIONS);
  if (parsed.success) return parsed.output;
  throw createInvalidSettingsError(parsed.issues);
}

function createInvalidSettingsError(issues: readonly v.BaseIssue<unknown>[]): OrgConnectionsError {
  const problems = issues.map((issue) => `\`${NAMESPACE}:${v.getDotPath(issue) ?? ""}\` ${issue.message}`);
  const advice =
    `Each organization can have credentials (apiKey and appKey, or bearerToken, or identity), site or url, id (a UUID), and ` +
    `auth ("headers" or "query"). Each value is a string, except identity. For example, set the API key with: pulumi config set --secret --path '${ORGANIZATIONS_KEY}.NAME.apiKey'`;
  const identityAdvice = `Set a setting of the identity, such as its type, with: pulumi config set --path '${NAMESPACE}:identity.type' TYPE`;
  const paths = issues.map((issue) => v.getDotPath(issue));
  return new OrgConnectionsError("invalid-configuration", {
    happened: `In the stack's configuration, ${problems.join("; ")}.`,
    ...(paths.includes("identity") && { advice: identityAdvice }),
    ...(paths.includes("organizations") && { advice }),
  });
}
