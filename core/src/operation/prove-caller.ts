import { getIdentityOrganization, GRANT_PERMISSION } from "../api/authentication.js";
import { LIST_ORGANIZATIONS_PERMISSIONS } from "../api/explain-refusal.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { deriveCaller } from "./caller.js";
import type { OperationContext } from "./operation-context.js";
import type { Session } from "./session.js";

/**
 * Returns the organization that the session's credentials belong to, if the listing or an identity proves it. An identity is proof,
 * because Datadog issues its tokens for one organization. But the rows of the listing take precedence.
 */
export const findKnownCaller = async (session: Session): Promise<string | undefined> =>
  deriveCaller(
    await session.getCallerCandidates(),
    getIdentityOrganization(session.credentials.authentication),
  );

/**
 * Returns the organization that the session's credentials belong to, if it can be proven. Requests the list of organizations only
 * if {@link findKnownCaller} returns undefined.
 */
export async function proveCaller(session: Session): Promise<string | undefined> {
  const candidates = await session.getCallerCandidates();
  const known = deriveCaller(candidates, getIdentityOrganization(session.credentials.authentication));
  if (known !== undefined) return known;
  try {
    return deriveCaller(candidates, (await session.getOrganizations()).callerId);
  } catch (error) {
    // The list of organizations needs a permission that the list of connections does not need. Without it, nothing is proven.
    if (isOrgConnectionsError(error, "forbidden", "not-found")) return undefined;
    throw error;
  }
}

/**
 * Requires that the session's credentials belong to one of the allowed organizations. With another organization's credentials, a
 * live connection seems to be gone: Datadog returns a valid list that omits it, and a delete gets 404. A create would share the
 * data of the other organization.
 *
 * @param allowed - the UUIDs of the allowed organizations
 * @param purpose - what fails without the proof, as the error message names it: `Deleting connection …`
 * @param getAdvice - called with the UUID of the organization that the credentials belong to, if it is not allowed. Returns the
 *   advice, or undefined for the default advice
 * @throws `wrong-organization`, `organization-unproven` if the organization cannot be determined, and the errors of a request
 */
export async function requireAllowedCaller(
  session: Session,
  allowed: readonly string[],
  purpose: string,
  getAdvice: (caller: string) => string | undefined = () => undefined,
): Promise<void> {
  const candidates = await session.getCallerCandidates();
  // Every possible caller is allowed.
  if (candidates.length > 0 && candidates.every((id) => allowed.includes(id))) return;
  const caller = await proveCaller(session);
  if (caller !== undefined && allowed.includes(caller)) return;
  if (caller === undefined) throw createUnprovenError(session, purpose, allowed);
  const { label, credentialsFrom } = session.credentials;
  throw new OrgConnectionsError("wrong-organization", {
    happened:
      `${purpose} failed: the credentials of ${label}, taken from ${credentialsFrom}, belong to organization ${caller}, ` +
      `not to ${allowed.join(" or ")}.`,
    advice: getAdvice(caller) ?? "Set the credentials of the right organization.",
  });
}

/** Creates the error for credentials whose organization cannot be determined. An empty `allowed` allows every organization. */
function createUnprovenError(
  session: Session,
  purpose: string,
  allowed: readonly string[] = [],
): OrgConnectionsError {
  const { label, credentialsFrom } = session.credentials;
  const credentials = `the credentials of ${label} (taken from ${credentialsFrom})`;
  const problem =
    allowed.length > 0
      ? `nothing proves that ${credentials} belong to organization ${allowed.join(" or ")}`
      : `nothing proves to which organization ${credentials} belong`;
  return new OrgConnectionsError("organization-unproven", {
    happened: `${purpose} failed: ${problem}.`,
    advice:
      `The proof needs GET /api/v2/org, which requires the permission ${LIST_ORGANIZATIONS_PERMISSIONS}. ` +
      GRANT_PERMISSION,
  });
}

/** Requires that the credentials belong to the configured `id`, if one is configured. */
export async function requireConfiguredId(session: Session, purpose: string): Promise<void> {
  const { organizationId } = session.credentials;
  if (organizationId !== undefined) await requireAllowedCaller(session, [organizationId], purpose);
}

/**
 * Returns the organization that the session's credentials belong to. It must be the configured `id`, if one is configured.
 *
 * @throws `wrong-organization`, `organization-unproven` if the organization cannot be determined, and the errors of a request
 */
export async function requireProvenCaller(session: Session, purpose: string): Promise<string> {
  await requireConfiguredId(session, purpose);
  const caller = await proveCaller(session);
  if (caller === undefined) throw createUnprovenError(session, purpose);
  return caller;
}

/**
 * Finds the UUID of the organization of a `source`: the configured `id`, otherwise the proven organization of the credentials. With
 * a configured `id`, no credentials are needed, because a preview with `checks: offline` may have none.
 *
 * @returns the UUID, or `undefined` if nothing proves the organization
 * @throws `credentials-missing` or `unknown-source` if no `id` is configured, and the other errors of the credentials and of a
 *   request
 */
export async function findOrganizationId(
  context: OperationContext,
  source: string | undefined,
): Promise<string | undefined> {
  try {
    const session = context.getSession(source);
    return session.credentials.organizationId ?? (await proveCaller(session));
  } catch (error) {
    const isMissing = isOrgConnectionsError(error, "credentials-missing", "unknown-source");
    const id = isMissing ? context.readConfiguredId(source) : undefined;
    if (id === undefined) throw error;
    return id;
  }
}
