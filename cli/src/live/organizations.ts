import {
  formatOrganizationLabel,
  resolveCredentials,
  readConfiguredId,
  formatIdentifier,
  type Settings,
} from "datadog-org-connections-core/credentials/resolve.js";
import { hasCredentials, getLevels } from "datadog-org-connections-core/credentials/levels.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/setting-names.js";
import { readNamedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import { listSources } from "datadog-org-connections-core/credentials/organization-names.js";
import {
  isOrgConnectionsError,
  type OrgConnectionsError,
} from "datadog-org-connections-core/api/org-connections-error.js";
import { Sessions } from "datadog-org-connections-core/operation/sessions.js";
import type { Session } from "datadog-org-connections-core/operation/session.js";

/** The name of the default organization in lists. */
export const DEFAULT_NAME = "(default)";

/** An organization with configured credentials, or with an error about them. */
export type ConfiguredOrganization = {
  /** All configured names of the organization, each in only one spelling. The default organization has {@link DEFAULT_NAME}. */
  names: string[];
  /** The first of `names`, as messages show it: `organization "payments"` or `the default organization`. */
  label: string;
  /** The first of `names`, as `source` in a program. Undefined if it is {@link DEFAULT_NAME}. */
  source: string | undefined;
  /** The configured UUID, if there is one. It is not yet proven that the credentials belong to this organization. */
  configuredId: string | undefined;
  /** The settings of each stack that configures the organization. Without a stack, the settings of the environment. */
  settings: Settings[];
} & ({ session: Session; failure?: never } | { session?: never; failure: OrgConnectionsError });

/**
 * Lists the organizations of the settings, without a request. The organizations of one stack come in the order of
 * {@link listSources}. The organization of `DD_API_KEY__TEAM_01` has the name that a stack's configuration uses for this suffix, or
 * else `team-01`. If stacks use different names for this suffix, the name in the first of these stacks is used.
 *
 * Organizations with the same credentials and `id` are merged into one. An organization without usable credentials is included with
 * its error. But if it has no credentials at all, {@link mergeWithoutCredentials} may merge it into an organization of another
 * stack.
 *
 * @param onWait - receives a message before each wait of two seconds or more
 * @throws `invalid-configuration` if the settings of the named organizations are invalid
 */
export function listConfiguredOrganizations(
  all: readonly Settings[],
  onWait: (message: string) => void = () => undefined,
): ConfiguredOrganization[] {
  const found = new Map<string, ConfiguredOrganization>();
  const spellings = readSpellings(all);
  for (const settings of all) {
    // With a constant clock, a session's listing of connections never expires. Otherwise, a long command would request it again.
    const sessions = new Sessions(() => settings, onWait, { now: () => 0 });
    for (const source of listSources(settings, spellings)) {
      const { key, organization } = openOrganization(source, settings, sessions);
      const known = found.get(key);
      if (!known) found.set(key, organization);
      else {
        addNames(known, organization.names);
        known.settings.push(settings);
      }
    }
  }
  return mergeWithoutCredentials([...found.values()]);
}

/**
 * Opens the session of an organization, or gets the error about its credentials. Organizations with the same `key` are merged into
 * one.
 */
function openOrganization(source: string | undefined, settings: Settings, sessions: Sessions) {
  const common = {
    names: [source ?? DEFAULT_NAME],
    label: formatOrganizationLabel(source),
    source,
    settings: [settings],
  };
  try {
    const credentials = resolveCredentials(source, settings);
    const session = sessions.getSession(source);
    return {
      key: JSON.stringify([formatIdentifier(credentials), credentials.organizationId]),
      organization: { ...common, configuredId: credentials.organizationId, session },
    };
  } catch (failure) {
    if (!isOrgConnectionsError(failure)) throw failure;
    const configuredId = findConfiguredId(source, settings);
    return {
      key: JSON.stringify([common.label, failure.message, configuredId]),
      organization: { ...common, configuredId, failure },
    };
  }
}

/** Finds the configured UUID of an organization without usable credentials. Undefined if there is none or a setting is invalid. */
function findConfiguredId(source: string | undefined, settings: Settings): string | undefined {
  try {
    return readConfiguredId(source, settings);
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return undefined;
  }
}

/**
 * Merges an organization without credentials into an organization of another stack, if that organization has credentials and the
 * same `id`. A stack may configure only the `id` of an organization that it does not manage, so that reports can name the
 * organization.
 */
function mergeWithoutCredentials(all: readonly ConfiguredOrganization[]): ConfiguredOrganization[] {
  return all.flatMap((organization) => {
    const { configuredId, names, settings } = organization;
    if (configuredId === undefined || !settings.every((stack) => hasNoCredentials(organization, stack)))
      return [organization];
    const other = all.find(
      (one) =>
        one.session !== undefined &&
        one.configuredId === configuredId &&
        !one.settings.some((stack) => settings.includes(stack)),
    );
    if (!other) return [organization];
    addNames(other, names);
    return [];
  });
}

/**
 * Whether the settings have no credentials for an organization, not even one of the two keys. A single key is a mistake, so the
 * organization must stay in the list with its error.
 */
const hasNoCredentials = ({ source, failure }: ConfiguredOrganization, settings: Settings): boolean =>
  isOrgConnectionsError(failure, "credentials-missing", "unknown-source") &&
  !getLevels(source, settings).some(hasCredentials);

/** Reads the first spelling of each organization name in the stacks, by the suffix of its environment variables. */
function readSpellings(all: readonly Settings[]): ReadonlyMap<string, string> {
  const names = all.flatMap(({ config }) => [...readNamedOrganizations(config).keys()]);
  return new Map(names.toReversed().map((name) => [toVariableSuffix(name), name]));
}

/** Adds the names that an organization does not have yet, in any spelling. */
function addNames(known: ConfiguredOrganization, names: readonly string[]): void {
  const suffixes = new Set(known.names.map(toVariableSuffix));
  known.names = [...known.names, ...names.filter((name) => !suffixes.has(toVariableSuffix(name)))];
}

/** Whether an organization has this name, in any spelling: `team-01`, `TEAM_01`. `default` means the default organization. */
export const hasName = ({ names }: ConfiguredOrganization, source: string): boolean =>
  names.some(
    (name) =>
      name === source ||
      toVariableSuffix(name === DEFAULT_NAME ? undefined : name) === toVariableSuffix(source),
  );

/**
 * Selects the organizations that `sources` names, or all organizations if `sources` is empty. A name can have any spelling.
 * `default` is the default organization. A name that several stacks use for different organizations selects all of these
 * organizations.
 *
 * @param sources - the values of `--source`
 * @throws if an organization in `sources` is not configured
 */
export function selectOrganizations(
  configured: readonly ConfiguredOrganization[],
  sources: readonly string[],
): readonly ConfiguredOrganization[] {
  if (sources.length === 0) return configured;
  const found = sources.flatMap((source) => {
    // Prefer the exact name. Organizations in different stacks may have names that differ only in spelling (`team-01`, `team_01`).
    const exact = configured.filter(({ names }) => names.includes(source));
    if (exact.length > 0) return exact;
    const similar = configured.filter((organization) => hasName(organization, source));
    if (similar.length > 0) return similar;
    const known = configured.flatMap(({ names }) => names).join(", ");
    throw new Error(
      `No credentials are configured for ${formatOrganizationLabel(source)}. Configure them, or pass a configured organization: ${known}.`,
    );
  });
  return [...new Set(found)];
}
