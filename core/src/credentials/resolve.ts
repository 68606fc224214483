import type { Authentication } from "../api/authentication.js";
import type { Access } from "../api/http.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { resolveBaseUrl } from "./resolve-base-url.js";
import { isDatadogUrl } from "./base-url.js";
import { toVariableSuffix } from "./organization-name.js";
import {
  hasConfigCredentials,
  findSharedIdentity,
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
   * Whether the credentials come from the stack's configuration or from the arguments of a provider. If so, refresh and destroy
   * use the credentials of the last `up`. Always false for a workload identity, because its proof comes from the current run.
   */
  fromConfig: boolean;
  /** For messages: the environment variables that override these credentials. Missing if variables would have no effect. */
  overrideVariables?: string;
  /** The configured UUID of the organization. Before the first write, the credentials are checked against it. */
  organizationId?: string;
  /**
   * The suffix of the organization's variables, such as `PAYMENTS`. A variable with this suffix may contain the proof of an
   * identity.
   */
  suffix: string;
  /** The environment variables, which may contain the proof of an identity. */
  env: Settings["env"];
}

/**
 * Resolves the name of an organization to its address and credentials. The credentials come from the first of these levels
 * (`getLevels`) that has a token, an identity or a key:
 *
 * 1. the environment variables for that name: `DD_API_KEY__PAYMENTS`, `DD_APP_KEY__…`, `DD_BEARER_TOKEN__…`,
 *    `DD_CLOUD_PROVIDER_TYPE__…`, `DD_SITE__…`, `DD_HOST__…` (`__DEFAULT` for the default organization);
 * 2. the stack's configuration in this package's namespace, or the arguments of a provider. The plugin omits the variables that
 *    these arguments replace (provider-settings.ts) from the environment;
 * 3. for the default organization only: the Datadog provider's configuration;
 * 4. for the default organization only: `DD_API_KEY`, `DD_APP_KEY`, `DD_BEARER_TOKEN`, `DD_CLOUD_PROVIDER_TYPE`, `DD_HOST` or
 *    their `DATADOG_` forms, and `DD_SITE`.
 *
 * All credentials come from this one level. If the level has only one of the two keys, the other key is not taken from the next
 * level.
 *
 * A named organization never uses the keys or the token of the default organization, but may use the shared identity
 * ({@link findSharedIdentity}). A named organization without an address uses the address of the default organization, because
 * connected organizations are on one site. {@link resolveBaseUrl} restricts the addresses to which credentials may be sent.
 *
 * @throws `unknown-source`, `credentials-missing`, `invalid-configuration`
 */
export function resolveCredentials(source: string | undefined, settings: Settings): Credentials {
  const { providerName } = settings;
  const named = readNamedOrganizations(settings.config);
  const names = [...named.keys()];
  refuseSharedSuffix(source, names);
  const defaults = readDefaultOrganization(settings.config);
  const own = source === undefined ? defaults : (named.get(source) ?? {});
  const levels = getLevels(source, settings);
  const defaultLevels = source === undefined ? [] : getLevels(undefined, settings);
  const sharedIdentity = findSharedIdentity(defaultLevels);
  const hasId = levels.some(({ id }) => isSet(id));
  const level = levels.find(hasCredentials) ?? (hasId ? sharedIdentity : undefined);
  if (!level) throw createMissingCredentialsError(source, levels, names, { sharedIdentity, providerName });
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
  const isArgument = settings.providerName !== undefined && level.fromConfig;
  // Credentials in the environment require an address in the environment, unless the address belongs to Datadog
  // (`resolve-base-url.ts`).
  const addressHint = isDatadogUrl(baseUrl) ? "" : ` (with DD_HOST__${suffix} for their address)`;
  return {
    ...(source !== undefined && { source }),
    label,
    baseUrl,
    authentication,
    credentialsFrom: formatCredentialSettings(level),
    fromConfig: hasConfigCredentials(level),
    // The arguments of a provider replace these variables, so a variable would have no effect.
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

/** Refuses a name that has the same environment variables as another name in the configuration, or as the default organization. */
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

/** Creates the error for two organizations that have the same suffix, and therefore the same environment variables. */
export function createSharedSuffixError(
  label: string,
  otherLabel: string,
  suffix: string,
): OrgConnectionsError {
  // The default organization has no name that could be changed.
  const renamable = [label, otherLabel].filter((one) => one !== formatOrganizationLabel(undefined));
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The environment variables of ${label} and ${otherLabel} are the same (such as DD_API_KEY__${suffix}).`,
    advice: `Rename ${renamable.join(" or ")}, in the program and in \`${ORGANIZATIONS_KEY}\`.`,
  });
}
