import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isIdentitySetting } from "./identity-schema.js";
import { isOrganizationSetting } from "./organizations-schema.js";
import { formatConfigCommand, formatSetCommand, NAMESPACE, ORGANIZATIONS_KEY } from "./setting-names.js";
import { settingsSchema } from "./settings-schema.js";

/**
 * Refuses settings that this package does not have, because they would have no effect.
 *
 * @param keys - the full keys of a stack's configuration, of all namespaces
 * @throws `invalid-configuration`
 */
export function refuseUnknownSettings(keys: Iterable<string>): void {
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
