import { OrgConnectionsError } from "../api/org-connections-error.js";
import { claim } from "../operation/claims.js";
import { requireCaller } from "../operation/identity.js";
import { formatNotice } from "./notices.js";
import { byId, byPair, describe, record, wantedOf } from "./records.js";
import { withRotationHint } from "../credentials/rotation.js";
import type { Known, Recorded, Wanted } from "./types.js";
import type { Session } from "../operation/session.js";
import type { World } from "../operation/world.js";

/** What is live, and the inputs that would declare it; or nothing, when the connection is proven to be gone. */
export type Seen = { recorded: Recorded; wanted: Wanted } | undefined;

/**
 * Looks at the live connection. There is no call for one connection: it is found by its id in the one listing that
 * all resources of the organization share. A failure is never taken for an absence: "gone" needs a complete listing
 * begun after this read, by keys that are proven to be the source organization's.
 *
 * @param olds - the state; only `source` when the program calls `OrgConnection.get`
 * @throws `connection-missing` for a `get` of an unknown id, `wrong-organization`, `organization-unproven`
 */
export async function read(world: World, connectionId: string, olds: Known<Recorded>): Promise<Seen> {
  // Before the first wait, so that a set that is read at the same time finds it. A `get` holds nothing.
  if (olds.sinkOrgId !== undefined) claim(world, connectionId, olds.source);
  const session = world.session(olds.source);
  return withRotationHint(session.credentials, async () => {
    const arrival = session.moment();
    const live =
      byId(await session.listing(), connectionId) ?? byId(await session.listingSince(arrival), connectionId);
    if (live) {
      const sinkOrgId = live.sink?.id ?? olds.sinkOrgId;
      if (sinkOrgId === undefined) throw withoutSink(session, connectionId);
      const { source, unmanagedTypes, adopt, reason } = olds;
      const connectionTypes = unmanagedTypes === true ? undefined : live.connectionTypes;
      const recorded = record({ source, sinkOrgId, connectionTypes, adopt, reason }, live, olds);
      return { recorded, wanted: wantedOf(recorded) };
    }
    const { sourceOrgId, sinkOrgId } = olds;
    if (sourceOrgId === undefined || sinkOrgId === undefined) {
      throw new OrgConnectionsError("connection-missing", {
        happened: `${session.credentials.label} takes part in no connection ${connectionId}.`,
        advice: "Check the id, and `source`: getOrgConnections() lists what the keys see.",
      });
    }
    await requireCaller(session, [sourceOrgId], `Reading ${describe(connectionId, olds)}`);
    const twin = byPair(await session.listingSince(arrival), sourceOrgId, sinkOrgId);
    const sentence =
      `The ${describe(connectionId, olds)} is gone` +
      (twin
        ? `; the same pair lives as ${twin.id} (${twin.connectionTypes.join(", ")}), made by somebody else. To take it over: \`adopt: true\`.`
        : "; the next `pulumi up` creates it again.");
    world.warn(formatNotice(sentence, { kind: "gone", connectionId, sourceOrgId, sinkOrgId }));
    return undefined;
  });
}

/** A view of a connection has no state that could say which destination a row without one has (S: it is optional). */
function withoutSink({ credentials }: Session, connectionId: string): OrgConnectionsError {
  return new OrgConnectionsError("unexpected-answer", {
    happened: `Datadog lists connection ${connectionId} for ${credentials.label} without its destination.`,
    advice: "Run the operation again.",
  });
}
