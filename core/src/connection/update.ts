import type { Connection } from "../api/parse.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { isUnknownOutcome } from "./failure-certainty.js";
import { requireAllowedCaller, requireConfiguredId } from "../operation/prove-caller.js";
import { hasSameTypes } from "./inputs.js";
import { buildState } from "./fields.js";
import { findById, findByEndpoints } from "./existing.js";
import { formatConnection, formatRecreated } from "./format-connection.js";
import type { Session } from "../operation/session.js";
import type { Endpoints, State, Inputs } from "./types.js";
import type { OperationContext } from "../operation/operation-context.js";

/**
 * Changes the types of the connection. If the types are unspecified or unchanged, updates only the state and sends no request. If
 * `source` has changed, it is another name of the same organization. Otherwise, diff would have replaced the connection.
 *
 * @throws `connection-not-found` if the connection is gone, `wrong-organization`, `organization-unproven`, and the errors of the
 *   credentials and of a request
 */
export async function update(
  context: OperationContext,
  connectionId: string,
  olds: State,
  inputs: Inputs,
): Promise<State> {
  context.ledger.startChanges();
  const types = inputs.connectionTypes;
  if (!types || hasSameTypes(types, olds.connectionTypes)) {
    return buildState(
      inputs,
      { id: connectionId, connectionTypes: olds.connectionTypes, createdAt: olds.createdAt },
      olds,
    );
  }
  const session = context.getSession(inputs.source);
  const purpose = `Changing the types of ${formatConnection(connectionId, olds)}`;
  // Load the caller first. If it is known, the checks of the caller below need no listing.
  await session.loadCaller();
  const sourceOrgId = olds.sourceOrgId ?? findById(await session.getListing(), connectionId)?.source?.id;
  await requireConfiguredId(session, purpose);
  if (sourceOrgId === undefined) {
    throw new OrgConnectionsError("organization-unproven", {
      happened: `${purpose} failed: neither the state nor the list of connections shows the source of the connection.`,
      advice: "Run `pulumi refresh`. It shows whether the connection still exists.",
    });
  }
  await requireAllowedCaller(session, [sourceOrgId], purpose);
  return buildState(inputs, await updateConnection(session, connectionId, olds, types), olds);
}

/** Sets the types of a connection. If the connection is gone, the error says what to do next. */
export async function updateConnection(
  session: Session,
  connectionId: string,
  olds: Endpoints,
  types: readonly string[],
): Promise<Connection> {
  try {
    return await changeTypes(session, connectionId, types);
  } catch (error) {
    throw isOrgConnectionsError(error, "not-found")
      ? await explainNotFound(session, connectionId, olds, error)
      : error;
  }
}

/**
 * Explains a 404. Returns the error `connection-not-found` if a new listing confirms that the connection is gone. Otherwise,
 * returns the 404.
 */
async function explainNotFound(
  session: Session,
  connectionId: string,
  olds: Endpoints,
  error: OrgConnectionsError,
): Promise<OrgConnectionsError> {
  const listing = await session.getListingSince(session.getSequence());
  // The listing still has the connection, so the 404 may come from a gateway.
  if (findById(listing, connectionId)) return error;
  const recreated = findByEndpoints(listing, olds);
  return new OrgConnectionsError(
    "connection-not-found",
    {
      happened: `The ${formatConnection(connectionId, olds)} is gone${recreated ? `, but ${formatRecreated(recreated)}` : ""}.`,
      advice: recreated
        ? "Set `adopt: true`, then run `pulumi up --refresh`."
        : "Run `pulumi up --refresh`: it creates the connection again.",
    },
    { status: 404 },
  );
}

/**
 * Updates the types of a connection. If the outcome is unknown, the live types show whether the change took effect. The returned
 * connection may lack the names of its organizations.
 *
 * @throws the error of the update, unless the live types show that the change took effect
 */
export async function changeTypes(
  session: Session,
  connectionId: string,
  types: readonly string[],
): Promise<Connection> {
  try {
    return await session.write((client) => client.update(connectionId, types));
  } catch (error) {
    const live = isUnknownOutcome(error) ? await findLive(session, connectionId) : undefined;
    if (live && hasSameTypes(types, live.connectionTypes)) return live;
    throw error;
  }
}

async function findLive(session: Session, connectionId: string): Promise<Connection | undefined> {
  try {
    return findById(await session.getListingSince(session.getSequence()), connectionId);
  } catch {
    // Without a listing, the outcome stays unknown.
    return undefined;
  }
}
