import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { provenCaller } from "./caller.js";
import type { Session } from "./session.js";

/** The organization the session's keys belong to, when that can be proven. */
export async function proveCaller(session: Session): Promise<string | undefined> {
  const candidates = await session.callers();
  const proven = provenCaller(candidates, undefined);
  if (proven !== undefined) return proven;
  try {
    return provenCaller(candidates, (await session.organizations()).callerId);
  } catch (error) {
    // The look-up needs a permission that reading connections does not; without it there is no proof, and no failure.
    if (isOrgConnectionsError(error, "forbidden", "not-found")) return undefined;
    throw error;
  }
}

/**
 * Makes sure that the session's keys belong to one of the given organizations: before a change, before a deletion,
 * and before anything is called gone. Keys of a stranger give a complete listing without our connection, and 404 on
 * delete.
 *
 * @throws `wrong-organization`, or `organization-unproven` where nobody can tell
 */
export async function requireCaller(
  session: Session,
  allowed: readonly string[],
  purpose: string,
): Promise<void> {
  const candidates = await session.callers();
  if (candidates.length > 0 && candidates.every((id) => allowed.includes(id))) return;
  const caller = await proveCaller(session);
  if (caller !== undefined && allowed.includes(caller)) return;
  if (caller === undefined) throw unproven(session, purpose, allowed);
  const { label, keysFrom } = session.credentials;
  throw new OrgConnectionsError("wrong-organization", {
    happened:
      `${purpose} was not done: the keys of ${label}, taken from ${keysFrom}, belong to organization ${caller}, ` +
      `not to ${allowed.join(" or ")}.`,
    advice: "Set the keys of the right organization.",
  });
}

function unproven(session: Session, purpose: string, allowed: readonly string[] = []): OrgConnectionsError {
  const { label, keysFrom } = session.credentials;
  const keys = `the keys of ${label}, taken from ${keysFrom}`;
  const doubt =
    allowed.length > 0
      ? `nothing proves that ${keys}, belong to organization ${allowed.join(" or ")}`
      : `nothing proves which organization ${keys}, belong to`;
  return new OrgConnectionsError("organization-unproven", {
    happened: `${purpose} was not done: ${doubt}.`,
    advice:
      "Give the application key's owner `org_connections_write` or `org_management`, so that GET /api/v2/org can tell.",
  });
}

/** Checks a configured `id` against the keys, before the first write. */
export async function requireConfiguredId(session: Session, purpose: string): Promise<void> {
  const { organizationId } = session.credentials;
  if (organizationId !== undefined) await requireCaller(session, [organizationId], purpose);
}

/**
 * The organization that the session's keys belong to, which must be that of a configured `id`.
 *
 * @throws `wrong-organization`, or `organization-unproven` where nobody can tell
 */
export async function requireProvenCaller(session: Session, purpose: string): Promise<string> {
  await requireConfiguredId(session, purpose);
  const caller = await proveCaller(session);
  if (caller === undefined) throw unproven(session, purpose);
  return caller;
}
