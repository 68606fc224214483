import { claim } from "../operation/claims.js";
import { requireCaller } from "../operation/identity.js";
import { formatNotice } from "../connection/notices.js";
import { withRotationHint } from "../credentials/rotation.js";
import type { World } from "../operation/world.js";
import { strangersOf } from "./strangers.js";
import type { Member, RecordedSet, WantedSet } from "./types.js";

/**
 * Looks at the members of a set, in the one listing that all resources of its organization share. A member counts as gone
 * only on a complete listing begun after this read, by keys proven to be the set's organization's.
 */
export async function readSet(
  world: World,
  olds: RecordedSet,
): Promise<{ recorded: RecordedSet; wanted: WantedSet }> {
  for (const { id } of Object.values(olds.members)) claim(world, id, olds.source);
  const session = world.session(olds.source);
  return withRotationHint(session.credentials, async () => {
    const arrival = session.moment();
    const ids = Object.values(olds.members).map(({ id }) => id);
    let listing = await session.listing();
    const seen = new Set(listing.connections.map(({ id }) => id));
    if (ids.some((id) => !seen.has(id))) listing = await session.listingSince(arrival);
    const live = new Map(listing.connections.map((connection) => [connection.id, connection]));
    const gone = Object.entries(olds.members).filter(([, { id }]) => !live.has(id));
    if (gone.length > 0 || olds.exclusive === true) {
      await requireCaller(session, [olds.sourceOrgId], "Reading the set");
    }
    for (const [sink, { id, sinkOrgName }] of gone) {
      const sentence = `Connection ${id} to ${sinkOrgName ?? sink} is gone; the next \`pulumi up\` creates it again.`;
      const ends = { sourceOrgId: olds.sourceOrgId, sinkOrgId: sink };
      world.warn(formatNotice(sentence, { kind: "gone", connectionId: id, ...ends }));
    }

    const members: Record<string, Member> = {};
    const connections: Record<string, string[]> = {};
    for (const [sink, member] of Object.entries(olds.members)) {
      const connection = live.get(member.id);
      if (!connection) continue;
      const sinkOrgName = connection.sink?.name ?? member.sinkOrgName;
      members[sink] = { ...member, sinkOrgName };
      connections[sink] = connection.connectionTypes;
    }
    const recorded: RecordedSet = { ...olds, members, connections };
    delete recorded.strangers;
    if (olds.exclusive === true) {
      const strangers = await strangersOf(world, listing, recorded);
      Object.assign(connections, strangers.connections);
      if (Object.keys(strangers.ids).length > 0) recorded.strangers = strangers.ids;
    }
    return { recorded, wanted: inputsOf(recorded) };
  });
}

function inputsOf({ source, connections, exclusive, adopt, reason }: RecordedSet): WantedSet {
  return { source, connections: { ...connections }, exclusive, adopt, reason };
}
