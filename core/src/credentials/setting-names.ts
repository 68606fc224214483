import { formatArgument } from "../text/escape-text.js";
import { SECRET_SETTINGS } from "./credential-kinds.js";

/** The namespace of this package in a stack's configuration. */
export const NAMESPACE = "datadog-org-connections";

/** The configuration key of the named organizations. */
export const ORGANIZATIONS_KEY = `${NAMESPACE}:organizations`;

/** Whether a setting of an organization contains a credential. */
export const isCredentialSetting = (setting: string): boolean =>
  SECRET_SETTINGS.some((name) => name === setting);

/** The configuration keys whose whole value is a credential. */
export const SECRET_KEYS: readonly string[] = [NAMESPACE, "datadog"].flatMap((namespace) =>
  SECRET_SETTINGS.map((setting) => `${namespace}:${setting}`),
);

/** Formats the path of a setting of a named organization for `pulumi config set --path`. */
export function formatOrganizationPath(name: string, setting: string): string {
  const part = name === "" || /[.["]/.test(name) ? `["${name.replaceAll('"', '\\"')}"]` : `.${name}`;
  return `${ORGANIZATIONS_KEY}${part}.${setting}`;
}

/** Formats the command that sets a setting of a named organization. The command prompts for the value. */
export const formatSetCommand = (name: string, setting: string): string =>
  formatConfigCommand(
    isCredentialSetting(setting) ? "set --secret --path" : "set --path",
    formatOrganizationPath(name, setting),
  );

/** Formats a `pulumi config` command. Quotes the key or the path for the shell. */
export const formatConfigCommand = (command: string, key: string): string =>
  `pulumi config ${command} ${formatArgument(key)}`;
