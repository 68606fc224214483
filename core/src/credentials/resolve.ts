import { OrgConnectionsError } from "../api/org-connections-error.js";
import { resolveBaseUrl } from "./resolve-base-url.js";
import { isDatadogUrl } from "./base-url.js";
import { toVariableSuffix } from "./organization-name.js";
import { getLevels, hasKey, type Level, type Setting, type Settings } from "./levels.js";
import { readDefaultOrganization, readNamedOrganizations, ORGANIZATIONS_KEY } from "./settings.js";

export { type Settings } from "./levels.js";

/** Everything needed to make requests for one organization. Contains keys: never print it. */
export interface Credentials {
  /** The name in the program; missing for the default organization. */
  source?: string;
  /** For messages: `organization "payments"` or `the default organization`. */
  label: string;
  baseUrl: string;
  apiKey: string;
  appKey: string;
  auth: "headers" | "query";
  /** For messages: the two settings that contain the keys. */
  keysFrom: string;
  /**
   * Whether the keys come from the stack's configuration. If so, refresh and destroy use those of the last
   * `up`.
   */
  fromStack: boolean;
  /** For messages: the environment variables that override all other settings. */
  overrideVariables: string;
  /** The configured UUID of the organization, checked before the first write. */
  organizationId?: string;
}

/**
 * Resolves an organization's name to its site and keys, from the first of these levels that has keys (`getLevels`):
 *
 * 1. the environment variables for that name: `DD_API_KEY__PAYMENTS`, `DD_APP_KEY__…`, `DD_SITE__…`, `DD_HOST__…`
 *    (`__DEFAULT` for the default organization);
 * 2. the stack's configuration in this package's namespace;
 * 3. for the default organization only: the Datadog provider's configuration, then `DD_API_KEY`, `DD_APP_KEY`,
 *    `DD_HOST` or their `DATADOG_` forms, and `DD_SITE`.
 *
 * Both keys come from the same level. A named organization never falls back to the default keys. It does fall
 * back to the default site, because connected organizations share a site. For the addresses that keys may be
 * sent to, see resolve-base-url.ts.
 *
 * @throws `unknown-source`, `credentials-missing`, `invalid-configuration`
 */
export function resolveCredentials(source: string | undefined, settings: Settings): Credentials {
  const named = readNamedOrganizations(settings.config);
  const names = [...named.keys()];
  refuseSharedSuffix(source, names);
  const defaults = readDefaultOrganization(settings.config);
  const own = source === undefined ? defaults : (named.get(source) ?? {});
  const levels = getLevels(source, settings);
  const level = levels.find(hasKey);
  if (!level) throw createMissingCredentialsError(source, levels, names);
  const addressLevels = source === undefined ? levels : [...levels, ...getLevels(undefined, settings)];
  const suffix = toVariableSuffix(source);
  const baseUrl = resolveBaseUrl(addressLevels, level, formatOrganizationLabel(source));
  // Keys in the environment require an address in the environment, unless the address belongs to Datadog.
  const addressHint = isDatadogUrl(baseUrl) ? "" : `, with DD_HOST__${suffix} for their address`;
  return {
    ...(source !== undefined && { source }),
    label: formatOrganizationLabel(source),
    baseUrl,
    apiKey: readKey(level.apiKey, level.appKey, source),
    appKey: readKey(level.appKey, level.apiKey, source),
    auth: own.auth ?? defaults.auth ?? "headers",
    keysFrom: `${level.apiKey[0]} and ${level.appKey[0]}`,
    fromStack: level.fromStack,
    overrideVariables: `DD_API_KEY__${suffix} and DD_APP_KEY__${suffix}${addressHint}`,
    ...(own.id !== undefined && { organizationId: own.id }),
  };
}

/** Formats the name of an organization for messages. */
export function formatOrganizationLabel(source: string | undefined): string {
  return source === undefined ? "the default organization" : `organization "${source}"`;
}

function readKey([name, value]: Setting, [otherName]: Setting, source: string | undefined): string {
  const key = value?.trim() ?? "";
  if (key === "") {
    throw new OrgConnectionsError("credentials-missing", {
      happened:
        `Only one of the two keys of ${formatOrganizationLabel(source)} is set: ` +
        `${otherName} is set, but ${name} is not.`,
      advice: `Set ${name} too, because both keys must come from the same level of settings.`,
    });
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new OrgConnectionsError(
      "invalid-configuration",
      `The value of ${name} is not a valid Datadog key: it contains spaces or other invalid characters.`,
    );
  }
  return key;
}

function refuseSharedSuffix(source: string | undefined, names: string[]): void {
  const suffix = toVariableSuffix(source);
  const others = [undefined, ...names].filter((name) => name !== source);
  const duplicates = others.filter((name) => toVariableSuffix(name) === suffix);
  if (duplicates.length === 0) return;
  throw createSharedSuffixError(
    formatOrganizationLabel(source),
    formatOrganizationLabel(duplicates[0]),
    suffix,
  );
}

/** Creates the error for two names with the same environment variables. */
export function createSharedSuffixError(
  label: string,
  otherLabel: string,
  suffix: string,
): OrgConnectionsError {
  // The default organization has no name that could be changed.
  const renamable = [label, otherLabel].filter((one) => one !== formatOrganizationLabel(undefined));
  return new OrgConnectionsError("invalid-configuration", {
    happened:
      `The names of ${label} and ${otherLabel} map to the same environment variables ` +
      `(DD_API_KEY__${suffix}).`,
    advice: `Rename ${renamable.join(" or ")}, in the program and in \`${ORGANIZATIONS_KEY}\`.`,
  });
}

function createMissingCredentialsError(
  source: string | undefined,
  levels: Level[],
  names: string[],
): OrgConnectionsError {
  // The usual settings come first, the variables that override them last.
  const alternatives = levels
    .toReversed()
    .map(({ apiKey, appKey }) => `${apiKey[0]} and ${appKey[0]}`)
    .join("; or ");
  if (source === undefined) {
    return new OrgConnectionsError("credentials-missing", {
      happened: "No credentials are set for the default organization.",
      advice: `Set ${alternatives}. Use --secret for keys in the stack's configuration.`,
    });
  }
  if (names.includes(source)) {
    return new OrgConnectionsError("credentials-missing", {
      happened: `No credentials are set for organization "${source}".`,
      advice: `Set ${alternatives}.`,
    });
  }
  const configured = names.length === 0 ? "none are configured" : `configured: ${names.sort().join(", ")}`;
  return new OrgConnectionsError(
    "unknown-source",
    {
      happened:
        `Organization "${source}" is not in \`${ORGANIZATIONS_KEY}\` (${configured}), and its keys are not in ` +
        `the environment.`,
      advice: `Correct \`source\`, or set ${alternatives}.`,
    },
    { property: "source" },
  );
}
