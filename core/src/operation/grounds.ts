import type { ManagedOrganizations } from "../api/parse.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { requireConfiguredId } from "./identity.js";
import type { Session } from "./session.js";

/** What all looks of one organization stand on, besides the listing of before: the account, where it may be seen. */
export interface Ground {
  organizations: ManagedOrganizations | undefined;
}

const grounds = new WeakMap<Session, Promise<Ground>>();

/**
 * Listing and organizations, asked for at once, and once in an operation. A failure stands for all looks: asked anew for
 * each of a thousand destinations, with all tries, an outage would hold a preview for hours.
 */
export function groundOf(session: Session): Promise<Ground> {
  const ground = grounds.get(session) ?? ask(session);
  grounds.set(session, ground);
  return ground;
}

async function ask(session: Session): Promise<Ground> {
  const [listing, organizations] = await Promise.allSettled([session.baseline(), session.organizations()]);
  if (listing.status === "rejected") throw listing.reason as Error;
  await requireConfiguredId(session, "The preview's look");
  if (organizations.status === "fulfilled") return { organizations: organizations.value };
  const isRefused = isOrgConnectionsError(organizations.reason, "forbidden", "not-found");
  // Whose connections the listing shows is not known then, and a look would ask again.
  if (!isRefused && (await session.callers()).length !== 1) throw organizations.reason as Error;
  return { organizations: undefined };
}
