import type { Authentication } from "../api/authentication.js";
import type { Access } from "../api/http.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { resolveBaseUrl } from "./resolve-base-url.js";
import { isDatadogUrl } from "./base-url.js";
import { toVariableSuffix } from "./organization-name.js";
import {
  hasStackCredentials,
  findTopLevelIdentity,
  formatCredentialSettings,
  hasCredentials,
} from "./level-credentials.js";
import { getLevels, isSet, type Settings } from "./levels.js";
import { createMissingCredentialsError } from "./missing-credentials.js";
import { resolveOrganizationId } from "./organization-id.js";
import { resolveAuthentication } from "./resolve-authentication.js";
import { readDefaultOrganization, readNamedOrganizations, ORGANIZATIONS_KEY } from "./settings.js";

export { type Settings } from "./levels.js";

/** Everything needed to make requests for one organization. Contains credentials: never print it. */
export interface Credentials extends Access {
  /** The name in the program; missing for the default organization. */
  source?: string;
  /** For messages: `organization "payments"` or `the default organization`. */
  label: string;
  /** For messages: the settings that contain the credentials. */
  credentialsFrom: string;
  /**
   * Whether the credentials come from the stack's configuration or from the arguments of a provider. If so, refresh and
   * destroy use those of the last `up`. Never true for a workload identity, whose proof always comes from the current run.
   */
  fromStack: boolean;
  /** For messages: the environment variables that override all other settings. Missing if none does. */
  overrideVariables?: string;
  /** The configured UUID of the organization, checked before the first write. */
  organizationId?: string;
  /** The suffix of the organization's environment variables, such as `PAYMENTS`. The proof of an identity may be in such a variable. */
  suffix: string;
  /** The environment, which the proof of an identity is read from. */
  env: Settings["env"];
}

/**
 * Resolves an organization's name to its address and credentials. The credentials come from the first of these levels that has a
 * token, an identity or a key (`getLevels`):
 *
 * 1. the environment variables for that name: `DD_API_KEY__PAYMENTS`, `DD_APP_KEY__…`, `DD_BEARER_TOKEN__…`,
 *    `DD_CLOUD_PROVIDER_TYPE__…`, `DD_SITE__…`, `DD_HOST__…` (`__DEFAULT` for the default organization);
 * 2. the stack's configuration in this package's namespace;
 * 3. for the default organization only: the Datadog provider's configuration, then `DD_API_KEY`, `DD_APP_KEY`,
 *    `DD_BEARER_TOKEN`, `DD_CLOUD_PROVIDER_TYPE`, `DD_HOST` or their `DATADOG_` forms, and `DD_SITE`.
 *
 * All credentials come from this level: a token, an identity or both keys. If it has only one of the keys, the next levels are not
 * tried. A named organization never falls back to the credentials of the default organization, except for an identity
 * (`findTopLevelIdentity`). It does fall back to the address of the default organization, because connected organizations share a site.
 * For the addresses that credentials may be sent to, see resolve-base-url.ts.
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
  const defaultLevels = source === undefined ? [] : getLevels(undefined, settings);
  const topLevelIdentity = findTopLevelIdentity(defaultLevels);
  const hasId = levels.some(({ id }) => isSet(id));
  const level = levels.find(hasCredentials) ?? (hasId ? topLevelIdentity : undefined);
  if (!level) throw createMissingCredentialsError(source, levels, names, topLevelIdentity);
  const suffix = toVariableSuffix(source);
  const label = formatOrganizationLabel(source);
  const organizationId = resolveOrganizationId(levels, isSet(level.identity), label);
  const authentication = resolveAuthentication(levels, level, {
    source,
    label,
    keyLocation: own.auth ?? defaults.auth ?? "headers",
    organizationId,
    usesProviderArguments: settings.providerName !== undefined,
  });
  const baseUrl = resolveBaseUrl([...levels, ...defaultLevels], level, {
    label,
    configuration: settings.providerName === undefined ? "the stack's configuration" : "the program",
  });
  const isArgument = settings.providerName !== undefined && level.fromStack;
  // Credentials in the environment require an address in the environment, unless the address belongs to Datadog.
  const addressHint = isDatadogUrl(baseUrl) ? "" : ` (with DD_HOST__${suffix} for their address)`;
  return {
    ...(source !== undefined && { source }),
    label,
    baseUrl,
    authentication,
    credentialsFrom: formatCredentialSettings(level),
    fromStack: hasStackCredentials(level),
    // The arguments of a provider in the program take precedence over the variables.
    ...(!isArgument && {
      overrideVariables: `${formatOverrideVariables(authentication.kind, suffix)}${addressHint}`,
    }),
    ...(organizationId !== undefined && { organizationId }),
    suffix,
    env: settings.env,
  };
}

/** Formats the variables that override credentials of this kind at all other levels. */
function formatOverrideVariables(kind: Authentication["kind"], suffix: string): string {
  if (kind === "token") return `DD_BEARER_TOKEN__${suffix}`;
  return kind === "identity"
    ? `DD_CLOUD_PROVIDER_TYPE__${suffix}`
    : `DD_API_KEY__${suffix} and DD_APP_KEY__${suffix}`;
}

/** Formats the name of an organization for messages. */
export function formatOrganizationLabel(source: string | undefined): string {
  return source === undefined ? "the default organization" : `organization "${source}"`;
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
