import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Level } from "./levels.js";
import { ORGANIZATIONS_KEY } from "./setting-names.js";

/**
 * Creates the error for an organization without credentials.
 *
 * @param source - the name of the organization; missing for the default organization
 * @param names - the names in the stack's configuration
 * @param topLevelIdentity - the identity that would also serve this organization if its id was set
 */
export function createMissingCredentialsError(
  source: string | undefined,
  levels: readonly Level[],
  names: readonly string[],
  topLevelIdentity?: Level,
): OrgConnectionsError {
  const settings = `${formatIdAdvice(levels, topLevelIdentity)}${formatCredentialAdvice(levels)}`;
  if (source === undefined) {
    return new OrgConnectionsError("credentials-missing", {
      happened: "No credentials are set for the default organization.",
      advice: `Set ${settings} Use --secret for credentials in the stack's configuration.`,
    });
  }
  if (names.includes(source)) {
    return new OrgConnectionsError("credentials-missing", {
      happened: `No credentials are set for organization "${source}".`,
      advice: `Set ${settings}`,
    });
  }
  const configured =
    names.length === 0 ? "none are configured" : `configured: ${names.toSorted().join(", ")}`;
  return new OrgConnectionsError(
    "unknown-source",
    {
      happened:
        `Organization "${source}" is not in \`${ORGANIZATIONS_KEY}\` (${configured}), and its credentials are not in ` +
        `the environment.`,
      advice: `Correct \`source\`, or set ${settings}`,
    },
    { property: "source" },
  );
}

/** Formats the settings of each kind of credentials: the usual settings first, the variables that override them last. */
function formatCredentialAdvice(levels: readonly Level[]): string {
  const usualFirst = levels.toReversed();
  const keys = usualFirst.map(({ apiKey, appKey }) => `${apiKey[0]} and ${appKey[0]}`).join("; or ");
  const tokens = usualFirst.map(({ bearerToken }) => bearerToken[0]).join(" or ");
  const identity = usualFirst
    .slice(0, 1)
    .map((level) => `${level.identity[0]} and ${level.id[0]}`)
    .join("");
  return (
    `${keys}. Or set a bearer token in their place: ${tokens}. Or use a workload identity, which needs no stored ` +
    `secret: set ${identity}.`
  );
}

/** Formats the advice to set only the id. Empty unless there is an identity for all organizations. */
function formatIdAdvice(levels: readonly Level[], topLevelIdentity: Level | undefined): string {
  if (!topLevelIdentity) return "";
  const ids = levels
    .toReversed()
    .map(({ id }) => id[0])
    .join(" or ");
  return (
    `${ids} to the UUID of the organization: then the workload identity of all organizations ` +
    `(${topLevelIdentity.identity[0]}) serves it too. Or set `
  );
}
