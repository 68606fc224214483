import { formatOrganizationLabel } from "datadog-org-connections-core/credentials/resolve.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/organization-name.js";
import { DEFAULT_NAME, hasName, type ConfiguredOrganization } from "../../live/organizations.js";
import type { OrganizationStatus } from "../../live/read-live.js";
import { UsageError } from "../../shared/command.js";
import { formatLiteral } from "./literal.js";

/** The name of each checked organization in the program, by its UUID. The default organization has the name `undefined`. */
export type SourceNames = ReadonlyMap<string, string | undefined>;

/** Resolves the names in the program. An organization with several credentials has the name of the first ones that were checked. */
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
 * Requires that each name in the program is that of one organization. If two stacks use a name for different organizations, the program
 * would create, in one stack, connections that are live only between the organizations of the other. An organization that was not
 * checked counts as a different one, unless its configured `id` is the same.
 *
 * @param getConfiguredId - returns the configured `id` of an organization of the list
 * @throws UsageError if a name in the program is also that of another organization
 */
export function requireUniqueSources(
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

/** Formats why an organization was not checked and, if its `id` is unknown, how to prove that it is the same. */
function formatUncheckedAdvice(hasId: boolean, reason: string): string {
  const advice = hasId ? "" : " Or, if it is the same organization, set its `id` in each of these stacks.";
  return `${advice} Why it was not checked: ${reason}`;
}

/**
 * Returns the name of the organization in the program, which is its name in the stack's configuration. If only environment variables
 * name the organization, it is the name in `--source`. Without one, or if that is the suffix of the variables (`TEAM_01`), it is the name
 * that is derived from the suffix (`team-01`). The default organization has none.
 */
export function getSourceName(
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
