import { isOrgConnectionsError } from "../api/org-connections-error.js";
import type { Connection } from "../api/parse.js";
import { deriveCaller, findCallerCandidates } from "./caller.js";
import type { OperationContext } from "./operation-context.js";
import { getRequestedSnapshot, type PreviewSnapshot } from "./preview-snapshot.js";
import type { Session } from "./session.js";

/** What is known about the organizations of one `source` without a further request. */
export interface KnownOrganizations {
  /** UUID of the source organization. */
  callerId?: string | undefined;
  /** The names by UUID. */
  names: ReadonlyMap<string, string>;
  /** The live connections at the start of this operation. */
  connections?: readonly Connection[];
}

/**
 * Finds what the settings and the preview checks have shown about the organizations of a `source`. Sends no request. If the preview
 * checks did not run or failed, at most the configured `id` is known: before the first write, the credentials are checked against it.
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

/** Ignores a failure, because a plan only shows what is known. The preview checks report what is certain, and the update the rest. */
function ignoreFailure(error: unknown): undefined {
  if (!isOrgConnectionsError(error)) throw error;
  return undefined;
}

async function describeSnapshot(
  session: Session,
  { organizations }: PreviewSnapshot,
): Promise<KnownOrganizations> {
  // The snapshot has loaded it.
  const { connections } = await session.getBaselineListing();
  const { organizationId, authentication } = session.credentials;
  const candidates = findCallerCandidates(connections).map(({ id }) => id);
  const issuedFor = authentication.kind === "identity" ? authentication.organizationId : undefined;
  const parties = connections.flatMap(({ source, sink }) => [source, sink]);
  const named = [...parties, ...(organizations?.organizations ?? [])].flatMap((party) =>
    party?.name ? [[party.id, party.name] as const] : [],
  );
  return {
    callerId:
      organizationId ??
      deriveCaller(candidates, issuedFor) ??
      deriveCaller(candidates, organizations?.callerId),
    names: new Map(named),
    connections,
  };
}
