import { formatArgument } from "../text/escape-text.js";
import { SECRET_SETTINGS } from "./credential-kinds.js";
import { isUuid } from "../text/data.js";

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

/**
 * Converts the name `payments-prod` to `PAYMENTS_PROD`, the suffix of its environment variables. Within a program and its
 * configuration, two names with the same suffix are an error. If the names are from different stacks, the command line treats them
 * as spellings of one name.
 *
 * @param source - the name of the organization; missing for the default organization
 */
export function toVariableSuffix(source: string | undefined): string {
  return (source ?? "default").toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/**
 * Converts the suffix `PAYMENTS_PROD` to the name `payments-prod`, for an organization that is configured only in environment
 * variables. A name must not be a UUID. If the result would be a UUID, keeps the underscores.
 */
export function toOrganizationName(suffix: string): string {
  const name = suffix.toLowerCase().replaceAll("_", "-");
  return isUuid(name) ? suffix.toLowerCase() : name;
}
