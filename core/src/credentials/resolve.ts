import { closest, distance } from "fastest-levenshtein";
import type { Access } from "../api/http.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isDatadogUrl, resolveBaseUrl } from "./base-url.js";
import {
  ALL_KINDS,
  CREDENTIAL_VARIABLES,
  identifyCredentials,
  isSet,
  listKinds,
  type Setting,
  type SomeKind,
} from "./credential-kinds.js";
import {
  findSharedIdentity,
  formatCredentialSettings,
  getLevels,
  hasConfigCredentials,
  hasCredentials,
  listVariableSuffixes,
  type Level,
  type Settings,
} from "./levels.js";
import { createMissingIdError, resolveOrganizationId } from "./organization-id.js";
import { NAMESPACE, ORGANIZATIONS_KEY, toOrganizationName, toVariableSuffix } from "./setting-names.js";
import { readDefaultOrganization, readNamedOrganizations } from "./settings.js";
import { joinFirst } from "../text/phrases.js";

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
  const [kind, otherKind] = level ? listKinds(level) : [];
  if (!level || !kind)
    throw createMissingCredentialsError(source, levels, names, {
      sharedIdentity,
      providerName,
      env: settings.env,
    });
  const suffix = toVariableSuffix(source);
  const label = formatOrganizationLabel(source);
  const organizationId = resolveOrganizationId(levels, !kind.isStored, label);
  const usesProviderArguments = providerName !== undefined;
  // Some of the credentials may belong to another organization.
  if (otherKind) throw createMixtureError(levels, level, [kind, otherKind], label, usesProviderArguments);
  const keyLocation = own.auth ?? defaults.auth ?? "headers";
  if (keyLocation === "query" && !kind.canBeInQuery)
    throw createQueryError(kind.name, level[kind.settings[0]], label);
  const authentication = kind.parse(level, {
    label,
    keyLocation,
    requireId: () => {
      if (organizationId !== undefined) return organizationId;
      throw createMissingIdError(source, levels, level.identity, label, usesProviderArguments);
    },
  });
  const baseUrl = resolveBaseUrl([...levels, ...defaultLevels], level, {
    label,
    configuration: usesProviderArguments ? "the program" : "the stack's configuration",
  });
  const isArgument = usesProviderArguments && level.fromConfig;
  // Credentials in the environment require an address in the environment, unless the address belongs to Datadog
  // (`base-url.ts`).
  const addressHint = isDatadogUrl(baseUrl) ? "" : ` (with DD_HOST__${suffix} for their address)`;
  const overrideVariables = kind.settings.map((name) => `DD_${CREDENTIAL_VARIABLES[name]}__${suffix}`);
  return {
    ...(source !== undefined && { source }),
    label,
    baseUrl,
    authentication,
    credentialsFrom: formatCredentialSettings(level),
    fromConfig: hasConfigCredentials(level),
    // The arguments of a provider replace these variables, so a variable would have no effect.
    ...(!isArgument && {
      overrideVariables: `${overrideVariables.join(" and ")}${addressHint}`,
    }),
    ...(organizationId !== undefined && { organizationId }),
    suffix,
    env: settings.env,
  };
}

function createMixtureError(
  levels: readonly Level[],
  level: Level,
  kinds: readonly [SomeKind, SomeKind],
  label: string,
  usesProviderArguments: boolean,
): OrgConnectionsError {
  // The first level contains the variables with the suffix of the organization.
  const [first = level] = levels;
  // The arguments of a provider replace the variables (plugin, provider-settings.ts), so setting a variable would have no effect.
  const isOverridable = first !== level && !(usesProviderArguments && level.fromConfig);
  // A variable without a suffix cannot always be unset. Another program, such as the Datadog Agent, may need it.
  const override = isOverridable
    ? `, or set ${first[kinds[0].settings[0]][0]}, which takes precedence over both`
    : "";
  const names = kinds.map(({ settings }) => settings.map((name) => level[name]).find(isSet)?.[0] ?? "");
  return new OrgConnectionsError("invalid-configuration", {
    happened: `Both ${kinds.map(({ noun }) => noun).join(" and ")} are set for ${label}: ${names.join(" and ")}.`,
    advice: `Unset one of them${override}.`,
  });
}

function createQueryError(kind: string, [name]: Setting, label: string): OrgConnectionsError {
  return new OrgConnectionsError("invalid-configuration", {
    happened: `The ${kind} of ${label} (${name}) cannot be sent as a query parameter, but \`auth\` is "query".`,
    advice: `Set \`auth\` of this organization to "headers". If "query" comes from \`${NAMESPACE}:auth\`, you can remove that setting instead.`,
  });
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

function createMissingCredentialsError(
  source: string | undefined,
  levels: readonly Level[],
  names: readonly string[],
  {
    sharedIdentity,
    providerName,
    env,
  }: Pick<Settings, "env"> & { sharedIdentity: Level | undefined; providerName: string | undefined },
): OrgConnectionsError {
  // The usual settings first, the variables that override them last.
  const usualFirst = levels.toReversed();
  const advice = ALL_KINDS.toReversed().map((kind) => kind.formatAdvice(usualFirst));
  const settings = `${formatIdAdvice(levels, sharedIdentity)}${advice.join(". ")}.`;
  if (source === undefined) {
    const secretAdvice =
      providerName === undefined ? " Use --secret for credentials in the stack's configuration." : "";
    return new OrgConnectionsError("credentials-missing", {
      happened: "No credentials are set for the default organization.",
      advice: `Set ${settings}${secretAdvice}`,
    });
  }
  if (names.includes(source)) {
    return new OrgConnectionsError("credentials-missing", {
      happened: `No credentials are set for organization "${source}".`,
      advice: `Set ${settings}`,
    });
  }
  const known = new Set(names.map(toVariableSuffix));
  const others = listVariableSuffixes(env).filter((suffix) => !known.has(suffix));
  const all = [...names, ...others.map(toOrganizationName)].toSorted();
  const listed = all.length === 0 ? "none are configured" : `known: ${joinFirst(all, MAX_KNOWN_NAMES)}`;
  const similar = findSimilarName(source, all);
  return new OrgConnectionsError(
    "unknown-source",
    {
      happened: `Organization "${source}" is not configured, and its credentials are not in the environment (${listed}).`,
      advice: similar === undefined ? `Correct \`source\`, or set ${settings}` : `Did you mean "${similar}"?`,
    },
    { property: "source" },
  );
}

/** The maximum count of names in the error of an unknown name. */
const MAX_KNOWN_NAMES = 10;
/** How many characters of a misspelt name may differ. */
const MAX_DISTANCE = 2;

function findSimilarName(source: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const similar = closest(source, names);
  return distance(source, similar) <= Math.min(MAX_DISTANCE, source.length / 2) ? similar : undefined;
}

function formatIdAdvice(levels: readonly Level[], sharedIdentity: Level | undefined): string {
  if (!sharedIdentity) return "";
  const ids = levels
    .toReversed()
    .map(({ id }) => id[0])
    .join(" or ");
  return (
    `${ids} to the UUID of the organization: then it uses the workload identity that serves all organizations ` +
    `(${sharedIdentity.identity[0]}). Or set `
  );
}

/**
 * Reads the configured UUID of an organization that has no usable credentials. Ignores settings that other tools also read, such as
 * `DD_ORG_UUID`, because they may contain the UUID of another organization.
 *
 * @returns `undefined` if no UUID is configured
 * @throws `invalid-configuration`
 */
export const readConfiguredId = (source: string | undefined, settings: Settings): string | undefined =>
  resolveOrganizationId(getLevels(source, settings), false, formatOrganizationLabel(source));

/**
 * Formats an identifier of credentials and their address. If the credentials of two names have equal identifiers, both names
 * refer to the same organization. The reverse is not true: the keys, a token and an identity of one organization have different
 * identifiers. An identifier contains secrets: never print it.
 */
export const formatIdentifier = ({
  baseUrl,
  authentication,
  suffix,
  env,
}: Pick<Credentials, "baseUrl" | "authentication" | "suffix" | "env">): string =>
  JSON.stringify([baseUrl, ...identifyCredentials(authentication, { suffix, env })]);
