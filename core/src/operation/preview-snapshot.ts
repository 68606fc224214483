import type { VisibleOrganizations } from "../api/parse-organizations.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import { requireConfiguredId } from "./prove-caller.js";
import type { Session } from "./session.js";

/** What the preview checks of one organization need in addition to the listing. */
export interface PreviewSnapshot {
  /** The organizations of its account, or undefined if they could not be listed. */
  organizations: VisibleOrganizations | undefined;
}

const snapshots = new WeakMap<Session, Promise<PreviewSnapshot>>();

/**
 * Loads the listing and the organizations concurrently, once per operation. The listing stays in the session (`getBaseline`),
 * so the snapshot contains only the organizations. All preview checks share a failure: during an outage, new attempts for each
 * of a thousand destinations would block a preview for hours.
 */
export function loadPreviewSnapshot(session: Session): Promise<PreviewSnapshot> {
  const snapshot = snapshots.get(session) ?? requestSnapshot(session);
  snapshots.set(session, snapshot);
  return snapshot;
}

/** Returns the snapshot if it was requested before. Sends no request. */
export const getRequestedSnapshot = (session: Session): Promise<PreviewSnapshot> | undefined =>
  snapshots.get(session);

async function requestSnapshot(session: Session): Promise<PreviewSnapshot> {
  const [listing, organizations] = await Promise.allSettled([
    session.getBaseline(),
    session.getOrganizations(),
  ]);
  if (listing.status === "rejected") throw listing.reason as Error;
  await requireConfiguredId(session, "The preview check");
  if (organizations.status === "fulfilled") return { organizations: organizations.value };
  const isRefused = isOrgConnectionsError(organizations.reason, "forbidden", "not-found");
  // If the listing does not prove the caller, each preview check would repeat this failed request. A refused request is not sent again. The error that is thrown
  // here is shared by all checks.
  if (!isRefused && (await session.getCallerCandidates()).length !== 1) throw organizations.reason as Error;
  return { organizations: undefined };
}
