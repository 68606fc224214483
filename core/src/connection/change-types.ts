import type { Connection } from "../api/parse.js";
import { sameSet } from "./inputs.js";
import { isLost } from "./lost.js";
import { byId } from "./records.js";
import type { Session } from "../operation/session.js";

/**
 * Sets the types of a connection. When the answer is lost, what is live tells whether it was done all the same.
 * Answers may lack the names.
 */
export async function changeTypes(
  session: Session,
  connectionId: string,
  types: readonly string[],
): Promise<Connection> {
  try {
    return await session.write((client) => client.update(connectionId, types));
  } catch (error) {
    const live = isLost(error) ? await liveNow(session, connectionId) : undefined;
    if (live && sameSet(types, live.connectionTypes)) return live;
    throw error;
  }
}

async function liveNow(session: Session, connectionId: string): Promise<Connection | undefined> {
  try {
    return byId(await session.listingSince(session.moment()), connectionId);
  } catch {
    return undefined;
  }
}
