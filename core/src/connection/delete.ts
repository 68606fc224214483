import { isOrgConnectionsError, type OrgConnectionsError } from "../api/org-connections-error.js";
import { requireCaller } from "../operation/identity.js";
import { isLost } from "./lost.js";
import { byId, byPairOf, describe } from "./records.js";
import { withRotationHint } from "../credentials/rotation.js";
import type { Session } from "../operation/session.js";
import type { Ends } from "./types.js";
import type { World } from "../operation/world.js";

/**
 * Ends the connection. A missing one counts as ended, but only for keys of one of its two organizations: everybody
 * else gets the same 404 for a connection that lives. Deleting from the sink's side works too (D).
 *
 * An id that this operation took over, or that another resource is known to hold, is left alone. With `--target` the
 * engine does not show the resources that are not targeted, so that what they hold is not known here.
 *
 * @throws `wrong-organization`, `organization-unproven`, and what the client throws
 */
export async function remove(world: World, connectionId: string, olds: Ends): Promise<void> {
  const what = describe(connectionId, olds);
  if (isKept(world, connectionId, what)) return;
  const session = world.session(olds.source);
  await withRotationHint(session.credentials, async () => {
    const ends = [olds.sourceOrgId, olds.sinkOrgId].filter((id) => id !== undefined);
    await requireCaller(session, ends, `Deleting ${what}`);
    // Once more: it may have been taken over meanwhile.
    if (isKept(world, connectionId, what)) return;
    world.ended.add(connectionId);
    try {
      await end(world, session, connectionId, olds);
    } catch (error) {
      world.ended.delete(connectionId);
      throw error;
    }
    session.forget(connectionId);
  });
}

function isKept(world: World, connectionId: string, what: string): boolean {
  const kept = world.kept.get(connectionId);
  if (kept !== undefined) world.warn(`The ${what} was not deleted: ${kept}.`);
  return kept !== undefined;
}

async function end(world: World, session: Session, connectionId: string, olds: Ends): Promise<void> {
  try {
    await session.write((client) => client.delete(connectionId));
  } catch (error) {
    if (isLost(error)) {
      if (await isGone(session, connectionId)) return;
      throw error;
    }
    if (!isOrgConnectionsError(error, "not-found")) throw error;
    await confirmMissing(world, session, connectionId, olds, error);
  }
}

/** After a 404: a list that still has the connection outweighs it; another connection of the pair is told. */
async function confirmMissing(
  world: World,
  session: Session,
  connectionId: string,
  olds: Ends,
  error: OrgConnectionsError,
): Promise<void> {
  const listing = await session.listingSince(session.moment());
  if (byId(listing, connectionId)) throw error;
  const twin = byPairOf(listing, olds);
  if (!twin) return;
  world.warn(
    `The ${describe(connectionId, olds)} was gone already, but the same pair lives as ${twin.id} ` +
      `(${twin.connectionTypes.join(", ")}), made by somebody else: sharing goes on, and it was left alone.`,
  );
}

/** After a lost answer: whether the deletion was done all the same. What cannot be seen was not. */
async function isGone(session: Session, connectionId: string): Promise<boolean> {
  try {
    return byId(await session.listingSince(session.moment()), connectionId) === undefined;
  } catch {
    return false;
  }
}
