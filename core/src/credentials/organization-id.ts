import { OrgConnectionsError } from "../api/org-connections-error.js";
import { isUuid } from "../text/data.js";
import { isSet, type Setting } from "./credential-kinds.js";
import type { Level } from "./levels.js";
import { formatConfigCommand, formatSetCommand, NAMESPACE } from "./setting-names.js";

/**
 * Resolves the UUID of an organization. The UUID is not a credential, so its level may differ from the level of the credentials.
 * Several levels may contain the UUID if their values are equal.
 *
 * @param levels - all levels of the organization
 * @param usesIdentity - whether the credentials are an identity. If not, settings that other tools also read, such as
 *   `DD_ORG_UUID`, are ignored. They may contain the UUID of another organization.
 * @param label - the organization in messages
 * @returns `undefined` if no UUID is set
 * @throws `invalid-configuration`
 */
export function resolveOrganizationId(
  levels: readonly Level[],
  usesIdentity: boolean,
  label: string,
): string | undefined {
  const [first, ...more] = levels
    .filter(({ isReadByOtherTools }) => usesIdentity || !isReadByOtherTools)
    .map(({ id }) => id)
    .filter(isSet);
  if (!first) return undefined;
  const id = parseId(first);
  const other = more.find((setting) => parseId(setting) !== id);
  if (!other) return id;
  throw new OrgConnectionsError("invalid-configuration", {
    happened: `Two different ids are set for ${label}: ${first[0]} and ${other[0]}.`,
    advice: "Unset the wrong one.",
  });
}

function parseId([name, value]: Setting): string {
  const id = value?.trim().toLowerCase() ?? "";
  if (isUuid(id)) return id;
  throw new OrgConnectionsError("invalid-configuration", `The value of ${name} must be a UUID.`);
}

/**
 * Creates the error for an organization that has an identity but no `id`.
 *
 * @param source - the name of the organization; missing for the default organization
 * @param levels - all levels of the organization
 * @param identity - the setting of its identity
 * @param label - the organization in messages
 * @param usesProviderArguments - whether settings come from the arguments of a provider instead of the stack's configuration
 */
export function createMissingIdError(
  source: string | undefined,
  levels: readonly Level[],
  identity: Setting,
  label: string,
  usesProviderArguments: boolean,
): OrgConnectionsError {
  const happened =
    `The id of ${label} is not set, but its workload identity (${identity[0]}) needs it: Datadog issues each access ` +
    `token for one organization.`;
  if (usesProviderArguments) {
    const argument = levels.find(({ fromConfig }) => fromConfig)?.id[0];
    return new OrgConnectionsError("invalid-configuration", {
      happened,
      advice: `Set the ${argument} to the UUID of the organization.`,
    });
  }
  const command =
    source === undefined ? formatConfigCommand("set", `${NAMESPACE}:id`) : formatSetCommand(source, "id");
  // The default organization has two variables. The message first names the one without a suffix, which is last in `levels`.
  const variables = levels
    .filter(({ fromConfig }) => !fromConfig)
    .toReversed()
    .map(({ id }) => id[0])
    .join(" or ");
  const otherwise =
    source === undefined
      ? ` If this identity is only for the named organizations, set the credentials of the default organization in variables with the suffix __DEFAULT.`
      : "";
  return new OrgConnectionsError("invalid-configuration", {
    happened,
    advice: `Run \`${command}\` with the UUID of the organization, or set ${variables} to it.${otherwise}`,
  });
}
