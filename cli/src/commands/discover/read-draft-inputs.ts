import { formatOrganizationLabel } from "datadog-org-connections-core/credentials/resolve.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/setting-names.js";
import { DEFAULT_NAME, hasName, type ConfiguredOrganization } from "../../live/organizations.js";
import type { OrganizationStatus } from "../../live/read-live.js";
import { formatLiteral } from "./literal.js";
import path from "node:path";
import { readNamedOrganizations } from "datadog-org-connections-core/credentials/settings.js";
import { UsageError, type CommandContext } from "../../shared/command.js";
import { Progress } from "../../shared/progress.js";
import { readOrganizations, readStacks } from "../../live/read-organizations.js";
import { readManagedConnections, readPendingDeletions } from "../../stack/managed.js";
import { readState } from "../../stack/formats.js";
import type { DraftInputs, FormerState, SourceNames } from "./group-connections.js";

/** What to read. */
export interface DiscoverScope {
  /** The names of the organizations to read. If empty, all configured organizations are read. */
  source: string[];
  stack: string[];
  cwd: string;
  /** The file with the state whose connections move. */
  from?: string;
}

/**
 * Reads the live connections of the organizations, and what the stacks and the state of `--from` manage.
 *
 * @throws in each of these cases:
 * - A stack or the file cannot be read.
 * - No organization is configured, or an organization in `source` is not configured.
 * - No organization could be checked, and no connection was read.
 * - A name in the new program may be the name of several organizations.
 */
export async function readDraftInputs(
  { source: requested, stack: stacks, cwd, from: fromFile }: DiscoverScope,
  context: CommandContext,
): Promise<DraftInputs> {
  const progress = new Progress(context);
  const selected = { stacks, cwd: path.resolve(context.cwd, cwd) };
  try {
    const from = fromFile === undefined ? undefined : await readFormerState(fromFile, context);
    const { settings, managed } = await readStacks(selected, context, progress);
    const selection = { stacks, sources: requested };
    const { organizations, live } = await readOrganizations(settings, selection, context, progress);
    const unchecked = live.organizations.flatMap((organization) =>
      organization.checked ? [] : [`NOT CHECKED: ${organization.names.join(", ")}: ${organization.reason}`],
    );
    if (unchecked.length === live.organizations.length && live.connections.length === 0) {
      throw new Error(unchecked.join("\n"));
    }
    const inStacks = new Set(settings.flatMap(({ config }) => [...readNamedOrganizations(config).keys()]));
    // `live.organizations` has the order of `organizations`, so an index is valid in both.
    const sourceNames = resolveSourceNames(live.organizations, (at) => {
      const organization = organizations[at];
      return organization && getSourceName(organization, inStacks, requested);
    });
    requireUniqueSources(live.organizations, sourceNames, stacks, (at) => organizations[at]?.configuredId);
    return { live, managed, sourceNames, ...(from && { from }) };
  } finally {
    progress.clear();
  }
}

async function readFormerState(file: string, context: CommandContext): Promise<FormerState> {
  const { value, name } = await readState(file, context);
  return {
    name,
    ...readManagedConnections(value, name),
    pendingDeletions: readPendingDeletions(value, name),
  };
}

/**
 * Resolves the names in the program. If several elements of `organizations` are the same organization, the first `checked` element
 * determines the name.
 *
 * @param getName - returns the name of the organization at an index of `organizations`
 */
export function resolveSourceNames(
  organizations: readonly OrganizationStatus[],
  getName: (at: number) => string | undefined,
): SourceNames {
  const names = new Map<string, string | undefined>();
  for (const [at, { checked, id }] of organizations.entries())
    if (checked && !names.has(id)) names.set(id, getName(at));
  return names;
}

/**
 * Requires that each name in the program is the name of only one organization. If two stacks use one name for different
 * organizations, the program would share the data of the wrong organization in one of these stacks. An organization that was not
 * checked counts as a different one if its configured `id` is missing or different.
 *
 * @param getConfiguredId - returns the configured `id` of the organization at an index of `organizations`
 * @throws UsageError if a name in the program is, or may be, the name of several organizations
 */
function requireUniqueSources(
  organizations: readonly OrganizationStatus[],
  sourceNames: SourceNames,
  stacks: readonly string[],
  getConfiguredId: (at: number) => string | undefined,
): void {
  for (const [id, source] of sourceNames) {
    const at = organizations.findIndex((one, index) => {
      const hasSameName = one.names.includes(source ?? DEFAULT_NAME);
      return one.checked
        ? one.id !== id && (hasSameName || sourceNames.get(one.id) === source)
        : hasSameName && getConfiguredId(index) !== id;
    });
    const other = organizations[at];
    if (!other) continue;
    const formatOrganization = (organizationId: string) => {
      const name = organizations.find((one) => one.id === organizationId && one.name !== undefined)?.name;
      return name === undefined ? organizationId : `${formatLiteral(name)} (${organizationId})`;
    };
    const otherId = other.checked ? other.id : getConfiguredId(at);
    const isCertain = otherId !== undefined;
    const formattedOther = isCertain ? formatOrganization(otherId) : "one without a configured `id`";
    throw new UsageError(
      `The stacks ${stacks.join(", ")} ${isCertain ? "" : "may "}configure different organizations as ${formatOrganizationLabel(source)}: ` +
        `${formatOrganization(id)} and ${formattedOther}${other.checked ? "" : ", which was not checked"}. In one of these stacks, the ` +
        "program would share the data of the wrong organization. Run this command for each of these stacks separately, and use each " +
        `program only in its stack.${other.checked ? "" : formatUncheckedAdvice(isCertain, other.reason)}`,
    );
  }
}

/**
 * Formats why the second organization was not checked. If it has no configured `id`, the result begins with what to do if both
 * organizations are the same.
 */
function formatUncheckedAdvice(hasId: boolean, reason: string): string {
  const advice = hasId ? "" : " Or, if both are the same organization, set its `id` in each of these stacks.";
  return `${advice} Why the second organization was not checked: ${reason}`;
}

/**
 * Returns the name that the program uses for an organization: the first of its `names` other than {@link DEFAULT_NAME}. A name that
 * no stack configures was guessed from a suffix of environment variables (`team-01` from `TEAM_01`). In that case, the spelling in
 * `--source` is used instead, unless it is the suffix itself or `default`.
 *
 * @param inStacks - the names in the configuration of the stacks
 * @param requested - the names in `--source`
 * @returns undefined if {@link DEFAULT_NAME} is the only name
 */
function getSourceName(
  organization: ConfiguredOrganization,
  inStacks: ReadonlySet<string>,
  requested: readonly string[],
): string | undefined {
  const name = organization.names.find((one) => one !== DEFAULT_NAME);
  if (name === undefined || inStacks.has(name)) return name;
  // `--source default` selects the default organization, which has no name in a program.
  const suffixOfDefault = toVariableSuffix(undefined);
  return (
    requested.find((source) => {
      const suffix = toVariableSuffix(source);
      return source !== suffix && suffix !== suffixOfDefault && hasName(organization, source);
    }) ?? name
  );
}
