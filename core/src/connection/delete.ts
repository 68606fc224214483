import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { requireAllowedCaller } from "../operation/prove-caller.js";
import { isUnknownOutcome } from "./unknown-outcome.js";
import { findById, findByEndpoints } from "./find-connection.js";
import { formatConnection, formatRecreated } from "./format-connection.js";
import { runWithRotationHint } from "../credentials/rotation-hint.js";
import type { Session } from "../operation/session.js";
import type { Endpoints } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

/**
 * Deletes the connection. A missing connection counts as deleted, but only for credentials of one of its two
 * organizations: other organizations get the same 404 for a live connection. The destination organization may delete it too
 * (https://docs.datadoghq.com/api/latest/org-connections/).
 *
 * A connection that this operation adopted, or that another resource is known to manage, is not deleted. With `--target`,
 * the engine does not show the resources that are not targeted, so their connections are not known here.
 *
 * @throws `wrong-organization`, `organization-unproven`, and the errors of the client
 */
export async function deleteConnection(
  context: OperationContext,
  connectionId: string,
  olds: Endpoints,
): Promise<void> {
  context.hasStartedChanges = true;
  const connection = formatConnection(connectionId, olds);
  if (warnIfRetained(context, connectionId, connection)) return;
  const session = context.getSession(olds.source, { isFromState: true });
  await runWithRotationHint(session.credentials, async () => {
    // The state may lack the source. It comes from the listing only: if that lacks the connection too, a 404 with other credentials
    // than those of the destination proves nothing.
    const sourceOrgId = olds.sourceOrgId ?? findById(await session.getListing(), connectionId)?.source?.id;
    const organizationIds = [sourceOrgId, olds.sinkOrgId].filter((id) => id !== undefined);
    await requireAllowedCaller(session, organizationIds, `Deleting ${connection}`);
    // Check again: it may have been adopted in the meantime.
    if (warnIfRetained(context, connectionId, connection)) return;
    context.deletedIds.add(connectionId);
    try {
      await sendDelete(context, session, connectionId, { ...olds, sourceOrgId });
    } catch (error) {
      context.deletedIds.delete(connectionId);
      throw error;
    }
    session.removeFromBaseline(connectionId);
  });
}

function warnIfRetained(context: OperationContext, connectionId: string, connection: string): boolean {
  const reason = context.retainedIds.get(connectionId);
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

/** Confirms a 404 with a listing, which must lack the connection, and reports another connection of the same pair. */
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
  // A resource of this operation may have created it: the replacement of this one.
  if (!recreated || context.claimants.has(recreated.id.toLowerCase())) return;
  context.warn(
    `The ${formatConnection(connectionId, olds)} was already gone, but ${formatRecreated(recreated)}; it was not deleted, so the ` +
      "data is still shared.",
  );
}

/** Whether a deletion with an unknown outcome took effect. If the listing fails, it counts as not deleted. */
async function isGone(session: Session, connectionId: string): Promise<boolean> {
  try {
    return findById(await session.getListingSince(session.getSequence()), connectionId) === undefined;
  } catch {
    return false;
  }
}
