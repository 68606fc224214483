import type { VisibleOrganizations, Connection } from "../api/parse.js";
import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { findKnownCaller, requireConfiguredId } from "./prove-caller.js";
import type { Session } from "./session.js";
import { getIdentityOrganization } from "../api/authentication.js";
import { deriveCaller, findCallerCandidates } from "./caller.js";
import type { OperationContext } from "./operation-context.js";

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

/** What is known about the organization of a `source`, and about the organizations that its credentials can see. */
export interface KnownOrganizations {
  /** UUID of the source organization. */
  callerId?: string | undefined;
  /** The names of organizations, by UUID. */
  names: ReadonlyMap<string, string>;
  /** The live connections at the start of this operation. Missing without a snapshot of the preview checks. */
  connections?: readonly Connection[];
}

/**
 * Finds what is known from the settings and from the snapshot of the preview checks. Sends no request. Without a snapshot, only a
 * configured `id` is known. The `id` can be trusted, because the credentials are checked against the `id` before the first write.
 * If the credentials cannot be resolved, nothing is known.
 */
export async function findKnownOrganizations(
  context: OperationContext,
  source: string | undefined,
): Promise<KnownOrganizations> {
  try {
    const session = context.getSession(source);
    const snapshot = await getRequestedSnapshot(session)?.catch(ignoreFailure);
    const configured = { callerId: session.credentials.organizationId, names: new Map<string, string>() };
    return snapshot ? await describeSnapshot(session, snapshot) : configured;
  } catch (error) {
    ignoreFailure(error);
    return { names: new Map() };
  }
}

/**
 * Ignores a failure, because the planned state in a preview contains only what is known. The preview checks and `pulumi up` report
 * failures.
 */
function ignoreFailure(error: unknown): undefined {
  if (!isOrgConnectionsError(error)) throw error;
  return undefined;
}

async function describeSnapshot(
  session: Session,
  { organizations }: PreviewSnapshot,
): Promise<KnownOrganizations> {
  // The snapshot has loaded this listing, so this call sends no request.
  const { connections } = await session.getBaselineListing();
  const { organizationId, authentication } = session.credentials;
  const candidates = findCallerCandidates(connections).map(({ id }) => id);
  const parties = connections.flatMap(({ source, sink }) => [source, sink]);
  const named = [...parties, ...(organizations?.organizations ?? [])].flatMap((party) =>
    party?.name ? [[party.id, party.name] as const] : [],
  );
  return {
    callerId:
      organizationId ??
      deriveCaller(candidates, getIdentityOrganization(authentication)) ??
      deriveCaller(candidates, organizations?.callerId),
    names: new Map(named),
    connections,
  };
}
