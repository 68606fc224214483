import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { requireAllowedCaller } from "../operation/prove-caller.js";
import { isUnknownOutcome } from "./failure-certainty.js";
import { findById, findByEndpoints } from "./existing.js";
import { formatConnection, formatRecreated } from "./format-connection.js";
import { runWithRotationHint } from "../credentials/rotation-hint.js";
import type { Session } from "../operation/session.js";
import type { Endpoints } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

/**
 * Deletes the connection with the credentials of its source or its destination. Either organization may delete it
 * (https://docs.datadoghq.com/api/latest/org-connections/). A missing connection counts as deleted only with these credentials. Any
 * other organization gets a 404 even for a live connection.
 *
 * If this operation adopted the connection, or another resource is known to manage it, this function only warns. With `--target`,
 * the engine does not pass untargeted resources to the provider, so their connections are not known.
 *
 * @throws `wrong-organization`, `organization-unproven`, and the errors of the credentials and of a request
 */
export async function deleteConnection(
  context: OperationContext,
  connectionId: string,
  olds: Endpoints,
): Promise<void> {
  context.ledger.startChanges();
  const connection = formatConnection(connectionId, olds);
  if (warnIfRetained(context, connectionId, connection)) return;
  const session = context.getSession(olds.source, { isFromState: true });
  await runWithRotationHint(session.credentials, async () => {
    // If the state lacks the source, the listing may show it. If the source stays unknown, only the credentials of the destination
    // are accepted. Any other credentials may belong to neither organization, and then a 404 proves nothing.
    const sourceOrgId = olds.sourceOrgId ?? findById(await session.getListing(), connectionId)?.source?.id;
    const organizationIds = [sourceOrgId, olds.sinkOrgId].filter((id) => id !== undefined);
    await requireAllowedCaller(session, organizationIds, `Deleting ${connection}`);
    // Check again: another resource may have adopted the connection during the requests.
    if (warnIfRetained(context, connectionId, connection)) return;
    await context.ledger.delete(connectionId, () =>
      sendDelete(context, session, connectionId, { ...olds, sourceOrgId }),
    );
    session.removeFromBaseline(connectionId);
  });
}

function warnIfRetained(context: OperationContext, connectionId: string, connection: string): boolean {
  const reason = context.ledger.explainRetention(connectionId);
  if (reason !== undefined) context.warn(`The ${connection} was not deleted: ${reason}.`);
  return reason !== undefined;
}

async function sendDelete(
  context: OperationContext,
  session: Session,
  connectionId: string,
  olds: Endpoints,
): Promise<void> {
  try {
    await session.write((client) => client.delete(connectionId));
  } catch (error) {
    if (isUnknownOutcome(error)) {
      if (await isGone(session, connectionId)) return;
      throw error;
    }
    if (!isOrgConnectionsError(error, "not-found")) throw error;
    await confirmMissing(context, session, connectionId, olds, error);
  }
}

/**
 * Confirms a 404 with a listing, and reports a recreated connection of the same pair.
 *
 * @param error - the 404, which is thrown if the listing still has the connection
 */
async function confirmMissing(
  context: OperationContext,
  session: Session,
  connectionId: string,
  olds: Endpoints,
  error: OrgConnectionsError,
): Promise<void> {
  const listing = await session.getListingSince(session.getSequence());
  if (findById(listing, connectionId)) throw error;
  const recreated = findByEndpoints(listing, olds);
  // A resource of this operation, such as the replacement of this resource, may manage the recreated connection.
  if (!recreated || context.ledger.findClaimant(recreated.id) !== undefined) return;
  context.warn(
    `The ${formatConnection(connectionId, olds)} was already gone, but ${formatRecreated(recreated)}, so it was not deleted, and ` +
      "the data is still shared.",
  );
}

/** Whether a deletion with an unknown outcome took effect. If the listing fails, the connection counts as not deleted. */
async function isGone(session: Session, connectionId: string): Promise<boolean> {
  try {
    return findById(await session.getListingSince(session.getSequence()), connectionId) === undefined;
  } catch {
    return false;
  }
}
