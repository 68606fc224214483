import type { Connection } from "../api/parse.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import { changeTypes } from "./change-types.js";
import { requireCaller, requireConfiguredId } from "../operation/identity.js";
import { sameSet } from "./inputs.js";
import { byId, byPairOf, describe, record } from "./records.js";
import type { Session } from "../operation/session.js";
import type { Ends, Recorded, Wanted } from "./types.js";
import type { World } from "../operation/world.js";

/**
 * Brings the connection's types in line. A change of `source` (to another name of the same organization), `adopt` or
 * `reason` is recorded without a request.
 *
 * @throws `connection-missing` when it is gone, `wrong-organization`, `organization-unproven`
 */
export async function update(
  world: World,
  connectionId: string,
  olds: Recorded,
  wanted: Wanted,
): Promise<Recorded> {
  const types = wanted.connectionTypes;
  if (!types || sameSet(types, olds.connectionTypes)) {
    return record(
      wanted,
      { id: connectionId, connectionTypes: olds.connectionTypes, createdAt: olds.createdAt },
      olds,
    );
  }
  const session = world.session(wanted.source);
  const purpose = `Changing the types of ${describe(connectionId, olds)}`;
  const sourceOrgId = olds.sourceOrgId ?? byId(await session.listing(), connectionId)?.source?.id;
  await requireCaller(session, sourceOrgId === undefined ? [] : [sourceOrgId], purpose);
  await requireConfiguredId(session, purpose);
  return record(wanted, await changeHeld(session, connectionId, olds, types), olds);
}

/** Sets the types of a connection that the state holds; when it is gone, the error says the way on. */
export async function changeHeld(
  session: Session,
  connectionId: string,
  olds: Ends,
  types: readonly string[],
): Promise<Connection> {
  try {
    return await changeTypes(session, connectionId, types);
  } catch (error) {
    throw isOrgConnectionsError(error, "not-found")
      ? await missing(session, connectionId, olds, error)
      : error;
  }
}

async function missing(
  session: Session,
  connectionId: string,
  olds: Ends,
  error: OrgConnectionsError,
): Promise<OrgConnectionsError> {
  const listing = await session.listingSince(session.moment());
  // A list that still has it outweighs a 404, which may be a gateway's.
  if (byId(listing, connectionId)) return error;
  const twin = byPairOf(listing, olds);
  return new OrgConnectionsError(
    "connection-missing",
    {
      happened: `The ${describe(connectionId, olds)} is gone.`,
      advice: twin
        ? `The same pair lives as ${twin.id}, made by somebody else: set \`adopt: true\`, then run \`pulumi up --refresh\`.`
        : "Run `pulumi up --refresh`: it creates the connection again.",
    },
    { status: 404 },
  );
}
