import { OrgConnectionsError } from "../api/org-connections-error.js";
import type { Level } from "./levels.js";

/**
 * Creates the error for an organization without credentials.
 *
 * @param source - the name of the organization; missing for the default organization
 * @param levels - all levels of the organization, highest precedence first
 * @param names - the names of the configured organizations
 * @param options - `sharedIdentity`: the level with the shared identity, which this organization could use with an `id`;
 *   `providerName`: the name of the provider, if its arguments are the settings
 */
export function createMissingCredentialsError(
  source: string | undefined,
  levels: readonly Level[],
  names: readonly string[],
  { sharedIdentity, providerName }: { sharedIdentity?: Level | undefined; providerName?: string | undefined },
): OrgConnectionsError {
  const settings = `${formatIdAdvice(levels, sharedIdentity)}${formatCredentialAdvice(levels)}`;
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
  const configured =
    names.length === 0 ? "none are configured" : `configured organizations: ${names.toSorted().join(", ")}`;
  return new OrgConnectionsError(
    "unknown-source",
    {
      happened: `Organization "${source}" is not configured (${configured}), and its credentials are not in the environment.`,
      advice: `Correct \`source\`, or set ${settings}`,
    },
    { property: "source" },
  );
}

/** Formats the settings for each kind of credentials: the usual settings first, the variables that override them last. */
function formatCredentialAdvice(levels: readonly Level[]): string {
  const usualFirst = levels.toReversed();
  const keys = usualFirst.map(({ apiKey, appKey }) => `${apiKey[0]} and ${appKey[0]}`).join("; or ");
  const tokens = usualFirst.map(({ bearerToken }) => bearerToken[0]).join(" or ");
  // The message is long, so it contains only the usual settings of an identity.
  const identity = usualFirst
    .slice(0, 1)
    .map((level) => `${level.identity[0]} and ${level.id[0]}`)
    .join("");
  return (
    `${keys}. Or set a bearer token in their place: ${tokens}. Or use a workload identity, which needs no stored ` +
    `secret: set ${identity}.`
  );
}

/** Formats the advice to set only the `id`, for use with the shared identity. Returns "" without a shared identity. */
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
