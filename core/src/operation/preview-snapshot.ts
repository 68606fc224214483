import type { VisibleOrganizations } from "../api/parse-organizations.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { findKnownCaller, requireConfiguredId } from "./prove-caller.js";
import type { Session } from "./session.js";

/** What the preview checks of one organization need in addition to the listing. */
export interface PreviewSnapshot {
  /** The organizations of its account, or undefined if they could not be listed. */
  organizations: VisibleOrganizations | undefined;
  /**
   * Why the organizations could not be listed, if therefore nothing proves the caller. A missing permission is no failure. A change that
   * needs proof of the caller fails in the same way.
   */
  callerFailure?: OrgConnectionsError;
}

const snapshots = new WeakMap<Session, Promise<PreviewSnapshot>>();

/**
 * Loads the listing and the organizations concurrently, once per session. The listing stays in the session (`getBaselineListing`),
 * so the snapshot contains only the organizations. All preview checks of the session share a failure: during an outage, new attempts for
 * each of a thousand destinations would block a preview for hours.
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
    session.getBaselineListing(),
    session.getOrganizations(),
  ]);
  if (listing.status === "rejected") throw listing.reason as Error;
  await requireConfiguredId(session, "The preview check");
  if (organizations.status === "fulfilled") return { organizations: organizations.value };
  const reason: unknown = organizations.reason;
  if (!isOrgConnectionsError(reason)) throw reason;
  const isRefused = isOrgConnectionsError(reason, "forbidden", "not-found");
  // Without the organizations, each preview check would request them again to prove the caller, unless the listing or an identity
  // proves it, or Datadog refused the request, which is not sent again then. So all checks share this failure.
  if (!isRefused && (await findKnownCaller(session)) === undefined)
    return { organizations: undefined, callerFailure: reason };
  return { organizations: undefined };
}
