import { formatOrganizationLabel } from "datadog-org-connections-core/credentials/resolve.js";
import { toVariableSuffix } from "datadog-org-connections-core/credentials/setting-names.js";
import { DEFAULT_NAME, hasName, type ConfiguredOrganization } from "../../live/organizations.js";
import type { OrganizationStatus } from "../../live/read-live.js";
import { UsageError } from "../../shared/command.js";
import { formatLiteral } from "./literal.js";

/** The name that the program uses for each checked organization, by UUID. The name of the default organization is `undefined`. */
export type SourceNames = ReadonlyMap<string, string | undefined>;

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
