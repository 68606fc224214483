import * as v from "valibot";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { ALL_KINDS } from "./credential-kinds.js";
import { isIdentitySetting } from "./identity-schema.js";
import { formatConfigCommand, formatSetCommand, NAMESPACE, ORGANIZATIONS_KEY } from "./setting-names.js";
import {
  callLimitsSchema,
  defaultOrganizationSchema,
  isOrganizationSetting,
  settingsSchema,
  type OrganizationSettings,
} from "./settings-schema.js";

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

/**
 * Refuses settings that this package does not have, because they would have no effect.
 *
 * @param keys - the full keys of a stack's configuration, of all namespaces
 * @throws `invalid-configuration`
 */
function refuseUnknownSettings(keys: Iterable<string>): void {
  const prefix = `${NAMESPACE}:`;
  const unknown = [...keys].filter(
    (key) => key.startsWith(prefix) && !Object.hasOwn(settingsSchema.entries, key.slice(prefix.length)),
  );
  const literal = unknown.flatMap((key) => {
    const command = formatCommandWithPath(key);
    return command === undefined ? [] : [{ key, command }];
  });
  if (literal.length > 0) throw createLiteralKeysError(literal);
  if (unknown.length > 0) throw createUnknownSettingsError(unknown);
}

/** A key that is the path of a setting, and the command that sets the value at this path. */
interface LiteralKey {
  key: string;
  command: string;
}

/**
 * Formats the command with `--path` for a key that is the path of a setting. Without `--path`, `pulumi config set` stores the
 * path as a literal key: `…:organizations.payments.apiKey`, `…:organizations["team.a"].apiKey` or `…:identity.type`. Returns
 * `undefined` for any other key.
 */
function formatCommandWithPath(key: string): string | undefined {
  const [, identitySetting] = IDENTITY_PATH.exec(key) ?? [];
  if (identitySetting !== undefined && isIdentitySetting(identitySetting))
    return formatConfigCommand("set --path", key);
  const path = key.startsWith(ORGANIZATIONS_KEY) ? key.slice(ORGANIZATIONS_KEY.length) : "";
  const [, inBrackets, afterDot, identitySuffix = "", setting] = ORGANIZATION_PATH.exec(path) ?? [];
  const name = inBrackets?.replaceAll('\\"', '"') ?? afterDot ?? "";
  if (setting === undefined) return undefined;
  if (identitySuffix !== "" && isIdentitySetting(setting))
    return formatSetCommand(name, `identity.${setting}`);
  // Brackets show where the name of the organization ends. Without them, `.identity` may be the end of the name.
  if (identitySuffix !== "" && inBrackets !== undefined) return undefined;
  return isOrganizationSetting(setting) ? formatSetCommand(`${name}${identitySuffix}`, setting) : undefined;
}

const IDENTITY_PATH = new RegExp(`^${NAMESPACE}:identity\\.([^.]+)$`);
/** Captures the name of the organization (in brackets or after a dot), an optional `.identity`, and the setting. */
const ORGANIZATION_PATH = /^(?:\["(.+)"\]|\.(.+?))(\.identity)?\.([^.]+)$/;

function createLiteralKeysError(literal: readonly LiteralKey[]): OrgConnectionsError {
  const keys = literal.map(({ key }) => `\`${key}\``).join(", ");
  const commands = literal.flatMap(({ key, command }) => [formatConfigCommand("rm", key), command]);
  return new OrgConnectionsError("invalid-configuration", {
    happened:
      `The stack's configuration contains ${keys}, set without --path. Pulumi has stored each path as one key, which ` +
      `has no effect.`,
    advice: `Remove each of these keys, and set its value with --path: ${commands.join("; ")}`,
  });
}

function createUnknownSettingsError(unknown: readonly string[]): OrgConnectionsError {
  const [first = "", ...more] = unknown;
  const known = Object.keys(settingsSchema.entries).join(", ");
  return new OrgConnectionsError("invalid-configuration", {
    happened:
      more.length === 0
        ? `The stack's configuration contains \`${first}\`, which is not a setting of this version of the package.`
        : `The stack's configuration contains ${unknown.map((key) => `\`${key}\``).join(", ")}, which are not settings of this version of the package.`,
    advice: `The settings are ${known}. Check the spelling, or remove ${more.length === 0 ? "it" : "them"}: ${unknown.map((key) => formatConfigCommand("rm", key)).join("; ")}`,
  });
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
  const credentials = ALL_KINDS.toReversed().map(({ settings }) => settings.join(" and "));
  const advice =
    `Each organization can have credentials (${credentials.join(", or ")}), site or url, id (a UUID), and ` +
    `auth ("headers" or "query"). Each value is a string, except identity. For example, set the API key with: pulumi config set --secret --path '${ORGANIZATIONS_KEY}.NAME.apiKey'`;
  const identityAdvice = `Set a setting of the identity, such as its type, with: pulumi config set --path '${NAMESPACE}:identity.type' TYPE`;
  const paths = issues.map((issue) => v.getDotPath(issue));
  return new OrgConnectionsError("invalid-configuration", {
    happened: `In the stack's configuration, ${problems.join("; ")}.`,
    ...(paths.includes("identity") && { advice: identityAdvice }),
    ...(paths.includes("organizations") && { advice }),
  });
}
