import type { VisibleOrganizations } from "../api/parse.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { findKnownCaller, requireConfiguredId } from "./prove-caller.js";
import type { Session } from "./session.js";

/** What the preview checks of one source organization need in addition to the listing. */
export interface PreviewSnapshot {
  /** The organizations that the credentials can see, or undefined if they could not be listed. */
  organizations: VisibleOrganizations | undefined;
  /**
   * Why the organizations could not be listed. Missing if they were listed, or if Datadog refused the request. A refusal is no
   * failure, because the permission to list organizations is optional. The caller may then stay unproven.
   */
  organizationsFailure?: OrgConnectionsError;
  /**
   * The same error, if a change that needs a proven caller would fail with it. Missing if the listing or an identity proves the
   * caller.
   */
  callerFailure?: OrgConnectionsError;
}

const snapshots = new WeakMap<Session, Promise<PreviewSnapshot>>();

/**
 * Loads the listing and the organizations concurrently, once per session. The session stores the listing (`getBaselineListing`), so
 * the snapshot contains only the organizations. Rejects if the listing could not be loaded, or if the credentials are not proven to
 * belong to the configured `id`. All preview checks of the session share a failure. During an outage, new attempts for each of a
 * thousand destinations would block a preview for hours.
 */
export function loadPreviewSnapshot(session: Session): Promise<PreviewSnapshot> {
  const snapshot = snapshots.get(session) ?? requestSnapshot(session);
  snapshots.set(session, snapshot);
  return snapshot;
}

/** Returns the snapshot if it was requested earlier. Sends no request. */
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
  if (isOrgConnectionsError(reason, "forbidden", "not-found")) return { organizations: undefined };
  const failed = { organizations: undefined, organizationsFailure: reason };
  // Without `callerFailure`, each preview check would request the organizations again to prove the caller. If the caller is known
  // or Datadog refused the request, no check requests them again.
  return (await findKnownCaller(session)) === undefined ? { ...failed, callerFailure: reason } : failed;
}
