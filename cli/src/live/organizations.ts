import {
  formatOrganizationLabel,
  resolveCredentials,
  type Settings,
} from "datadog-org-connections-core/credentials/resolve.js";
import { readConfiguredId } from "datadog-org-connections-core/credentials/configured-id.js";
import { formatIdentifier } from "datadog-org-connections-core/credentials/format-identifier.js";
import { hasCredentials } from "datadog-org-connections-core/credentials/level-credentials.js";
import { getLevels } from "datadog-org-connections-core/credentials/levels.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/organization-name.js";
import { readNamedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import { listSources } from "datadog-org-connections-core/credentials/list-sources.js";
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
  /** All names of these credentials, each in one spelling. The default organization has {@link DEFAULT_NAME}. */
  names: string[];
  /** The first of `names`, as messages show it: `organization "payments"` or `the default organization`. */
  label: string;
  /** The first of `names`, as `source` in a program. Undefined for the default organization. */
  source: string | undefined;
  /** Its configured UUID, if it has one. Nothing proves yet that the credentials belong to it. */
  configuredId: string | undefined;
} & ({ session: Session; failure?: never } | { session?: never; failure: OrgConnectionsError });

/**
 * Lists the organizations of the settings: the default one, if it has a key, a token, or an identity with an id; the named ones of
 * the stack's configuration; then those that are named only by environment variables. The organization of `DD_API_KEY__TEAM_01` has the
 * name that any of the stacks uses for this suffix, or else `team-01`. Organizations with the same credentials and `id`
 * are one. An organization without usable credentials is included, with the reason. But if it has no credentials at all, and another
 * stack has credentials of the same `id`, the two are one. Sends no request.
 *
 * @param onWait - receives a message before each wait of two seconds or more
 * @throws `invalid-configuration` if the configuration cannot be parsed
 */
export function listConfiguredOrganizations(
  all: readonly Settings[],
  onWait: (message: string) => void = () => undefined,
): ConfiguredOrganization[] {
  const found = new Map<string, Found>();
  const spellings = readSpellings(all);
  for (const settings of all) {
    // The clock is constant, so that a list never expires: a long command does not read it again because of its age.
    const sessions = new Sessions(() => settings, onWait, { now: () => 0 });
    for (const source of listSources(settings, spellings)) {
      const { key, organization } = openOrganization(source, settings, sessions);
      const known = found.get(key);
      if (!known) found.set(key, { organization, stacks: [settings] });
      else {
        addNames(known.organization, organization.names);
        known.stacks.push(settings);
      }
    }
  }
  return mergeWithoutCredentials([...found.values()]);
}

/** An organization, and the settings that configure it. */
interface Found {
  organization: ConfiguredOrganization;
  stacks: Settings[];
}

function openOrganization(source: string | undefined, settings: Settings, sessions: Sessions) {
  const common = {
    names: [source ?? DEFAULT_NAME],
    label: formatOrganizationLabel(source),
    source,
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

/** Finds the configured UUID of an organization without usable credentials. An invalid one may be the reason that they are not usable. */
function findConfiguredId(source: string | undefined, settings: Settings): string | undefined {
  try {
    return readConfiguredId(source, settings);
  } catch (error) {
    if (!isOrgConnectionsError(error)) throw error;
    return undefined;
  }
}

/**
 * Merges each organization that has no credentials in its stack with the one of the same `id` whose credentials another stack has. A
 * stack may configure only the `id` of an organization that it does not manage, so that reports name it.
 */
function mergeWithoutCredentials(all: readonly Found[]): ConfiguredOrganization[] {
  return all.flatMap(({ organization, stacks }) => {
    const { configuredId, names } = organization;
    if (configuredId === undefined || !stacks.every((stack) => hasNoCredentials(organization, stack)))
      return [organization];
    const other = all.find(
      (one) =>
        one.organization.session !== undefined &&
        one.organization.configuredId === configuredId &&
        !one.stacks.some((stack) => stacks.includes(stack)),
    );
    if (!other) return [organization];
    addNames(other.organization, names);
    return [];
  });
}

/**
 * Whether the settings have no credentials of an organization, not even one of the two keys. A single key is a mistake, so the
 * organization with its error must stay in the list.
 */
const hasNoCredentials = ({ source, failure }: ConfiguredOrganization, settings: Settings): boolean =>
  isOrgConnectionsError(failure, "credentials-missing", "unknown-source") &&
  !getLevels(source, settings).some(hasCredentials);

/** Reads how the stacks spell each name, by the suffix of its variables. The first spelling has precedence. */
function readSpellings(all: readonly Settings[]): ReadonlyMap<string, string> {
  const names = all.flatMap(({ config }) => [...readNamedOrganizations(config).keys()]);
  return new Map(names.toReversed().map((name) => [toVariableSuffix(name), name]));
}

/** Adds names to an organization, except for other spellings of a known name. */
function addNames(known: ConfiguredOrganization, names: readonly string[]): void {
  const suffixes = new Set(known.names.map(toVariableSuffix));
  known.names = [...known.names, ...names.filter((name) => !suffixes.has(toVariableSuffix(name)))];
}

/** Whether `--source` names this organization, in any spelling: `team-01`, `TEAM_01`. */
export const hasName = ({ names }: ConfiguredOrganization, source: string): boolean =>
  names.some(
    (name) =>
      name === source ||
      toVariableSuffix(name === DEFAULT_NAME ? undefined : name) === toVariableSuffix(source),
  );

/**
 * Selects the organizations of `--source`, named as in a program (`default` is the default organization), or all if there
 * is no `--source`. If several stacks use a name for different organizations, all of them are selected.
 *
 * @throws if an organization in `sources` is not configured
 */
export function selectOrganizations(
  configured: readonly ConfiguredOrganization[],
  sources: readonly string[],
): readonly ConfiguredOrganization[] {
  if (sources.length === 0) return configured;
  const found = sources.flatMap((source) => {
    // Prefer the exact name: names of two organizations in two stacks may differ only in spelling (`team-01`, `team_01`).
    const exact = configured.filter(({ names }) => names.includes(source));
    if (exact.length > 0) return exact;
    const similar = configured.filter((organization) => hasName(organization, source));
    if (similar.length > 0) return similar;
    const known = configured.flatMap(({ names }) => names).join(", ");
    throw new Error(
      `No credentials are configured for ${formatOrganizationLabel(source)}. Configured organizations: ${known}.`,
    );
  });
  return [...new Set(found)];
}
