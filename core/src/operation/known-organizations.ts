import { getIdentityOrganization } from "../api/authentication.js";
import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { Connection } from "../api/parse.js";
import { deriveCaller, findCallerCandidates } from "./caller.js";
import type { OperationContext } from "./operation-context.js";
import { getRequestedSnapshot, type PreviewSnapshot } from "./preview-snapshot.js";
import type { Session } from "./session.js";

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
