import type { VisibleOrganizations } from "../api/parse.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { requireConfiguredId } from "./prove-caller.js";
import type { Session } from "./session.js";

/** What the preview checks of one organization need in addition to the listing. */
export interface PreviewSnapshot {
  /** The organizations of its account, or undefined if the credentials have no permission to list them. */
  organizations: VisibleOrganizations | undefined;
}

const snapshots = new WeakMap<Session, Promise<PreviewSnapshot>>();

/**
 * Loads the listing and the organizations concurrently, once per operation. A failure is shared by all preview checks:
 * during an outage, new attempts for each of a thousand destinations would block a preview for hours.
 */
export function loadPreviewSnapshot(session: Session): Promise<PreviewSnapshot> {
  const snapshot = snapshots.get(session) ?? requestSnapshot(session);
  snapshots.set(session, snapshot);
  return snapshot;
}

async function requestSnapshot(session: Session): Promise<PreviewSnapshot> {
  const [listing, organizations] = await Promise.allSettled([
    session.getBaseline(),
    session.getOrganizations(),
  ]);
  if (listing.status === "rejected") throw listing.reason as Error;
  await requireConfiguredId(session, "The preview check");
  if (organizations.status === "fulfilled") return { organizations: organizations.value };
  const isRefused = isOrgConnectionsError(organizations.reason, "forbidden", "not-found");
  // Unless the listing proves the caller, each preview check would send this request again to find the caller.
  if (!isRefused && (await session.getCallerCandidates()).length !== 1) throw organizations.reason as Error;
  return { organizations: undefined };
}
