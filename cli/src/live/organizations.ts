import {
  formatOrganizationLabel,
  resolveCredentials,
  type Settings,
} from "datadog-org-connections-core/credentials/resolve.js";
import { formatIdentifier } from "datadog-org-connections-core/credentials/format-identifier.js";
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
} & ({ session: Session; failure?: never } | { session?: never; failure: OrgConnectionsError });

/**
 * Lists the organizations of the settings: the default one, if it has a key, a token, or an identity with an id; the named ones of
 * the stack's configuration; then those that are named only by environment variables. The organization of `DD_API_KEY__TEAM_01` has the
 * name that any of the stacks uses for this suffix, or else `team-01`. Organizations with the same credentials and `id`
 * are one. An organization without usable credentials is included, with the reason. Sends no request.
 *
 * @param onWait - called for waits of two seconds or more
 * @throws `invalid-configuration` if the configuration cannot be parsed
 */
export function listConfiguredOrganizations(
  all: readonly Settings[],
  onWait: (message: string) => void = () => undefined,
): ConfiguredOrganization[] {
  const found = new Map<string, ConfiguredOrganization>();
  const spellings = readSpellings(all);
  for (const settings of all) {
    // The clock is constant, so that a list never expires: a long command does not read it again because of its age.
    const sessions = new Sessions(() => settings, onWait, { now: () => 0 });
    for (const source of listSources(settings, spellings)) {
      const { key, organization } = openOrganization(source, settings, sessions);
      const known = found.get(key);
      if (!known) found.set(key, organization);
      else known.names = addNames(known.names, organization.names);
    }
  }
  return [...found.values()];
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
      organization: { ...common, session },
    };
  } catch (failure) {
    if (!isOrgConnectionsError(failure)) throw failure;
    return { key: JSON.stringify([common.label, failure.message]), organization: { ...common, failure } };
  }
}

/** Reads how the stacks spell each name, by the suffix of its variables. The first spelling has precedence. */
function readSpellings(all: readonly Settings[]): ReadonlyMap<string, string> {
  const names = all.flatMap(({ config }) => [...readNamedOrganizations(config).keys()]);
  return new Map(names.toReversed().map((name) => [toVariableSuffix(name), name]));
}

/** Adds names, except for other spellings of a known name. */
function addNames(known: readonly string[], names: readonly string[]): string[] {
  const suffixes = new Set(known.map(toVariableSuffix));
  return [...known, ...names.filter((name) => !suffixes.has(toVariableSuffix(name)))];
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
