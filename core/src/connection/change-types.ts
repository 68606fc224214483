import type { Connection } from "../api/parse.js";
import { hasSameTypes } from "./inputs.js";
import { isUnknownOutcome } from "./unknown-outcome.js";
import { findById } from "./find-connection.js";
import type { Session } from "../operation/session.js";

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
