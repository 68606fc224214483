import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Level } from "./levels.js";
import { ORGANIZATIONS_KEY } from "./setting-names.js";

/**
 * Creates the error for an organization without credentials.
 *
 * @param source - the name of the organization; missing for the default organization
 * @param names - the names in the stack's configuration
 */
export function createMissingCredentialsError(
  source: string | undefined,
  levels: readonly Level[],
  names: readonly string[],
): OrgConnectionsError {
  // The usual settings come first, the variables that override them last.
  const usualFirst = levels.toReversed();
  const alternatives = usualFirst.map(({ apiKey, appKey }) => `${apiKey[0]} and ${appKey[0]}`).join("; or ");
  const tokens = usualFirst.map(({ bearerToken }) => bearerToken[0]).join(" or ");
  const instead = `Or set a bearer token in their place: ${tokens}.`;
  if (source === undefined) {
    return new OrgConnectionsError("credentials-missing", {
      happened: "No credentials are set for the default organization.",
      advice: `Set ${alternatives}. ${instead} Use --secret for credentials in the stack's configuration.`,
    });
  }
  if (names.includes(source)) {
    return new OrgConnectionsError("credentials-missing", {
      happened: `No credentials are set for organization "${source}".`,
      advice: `Set ${alternatives}. ${instead}`,
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
      advice: `Correct \`source\`, or set ${alternatives}. ${instead}`,
    },
    { property: "source" },
  );
}
