import { labelOf } from "../credentials/resolve.js";
import { claim } from "../operation/claims.js";
import { leadsElsewhere, type Difference } from "../connection/diff.js";
import { sameSet } from "../connection/inputs.js";
import { pairKey, type World } from "../operation/world.js";
import { claimantOf } from "./claimants.js";
import { isKnown } from "./inputs.js";
import type { PlannedSet, RecordedSet, WantedSet } from "./types.js";

/** Compares a set's state with what is wanted. Only a `source` that leads to another organization replaces it. */
export async function diffSet(world: World, olds: RecordedSet, wanted: PlannedSet): Promise<Difference> {
  if (wanted.source !== olds.source && (await leadsElsewhere(world, olds, wanted.source))) {
    return { change: "replace", because: ["source"] };
  }
  if (!isKnown(wanted)) return { change: "update" };
  for (const [sink, { id }] of Object.entries(olds.members)) {
    const isDeclared = world.held.has(pairKey(wanted.source, sink));
    if (sink in wanted.connections && isDeclared) {
      world.kept.set(id, "a set of this program holds it");
      claim(world, id, wanted.source);
    }
  }
  const ends = await unclaimed(world, olds, wanted);
  for (const { sink, id } of ends) {
    const name = olds.members[sink]?.sinkOrgName ?? sink;
    world.warn(`${olds.sourceOrgName ?? olds.sourceOrgId} to ${name}: connection ${id} is to be ended.`);
  }
  // Members that this operation has ended for another resource, which held them too, have to be made again.
  const isEnded = Object.values(olds.members).some(({ id }) => world.ended.has(id));
  return isEnded || ends.length > 0 || isChanged(olds, wanted) ? { change: "update" } : { change: "none" };
}

/** A connection that an update ends. */
interface Ending {
  sink: string;
  id: string;
  isMember: boolean;
}

/** The connections that an update ends: members no longer declared, and strangers that the state has shown. */
export function endings(olds: RecordedSet, wanted: WantedSet): Ending[] {
  const members = Object.entries(olds.members).map(([sink, { id }]) => ({ sink, id, isMember: true }));
  const strangers = wanted.exclusive === true ? Object.entries(olds.strangers ?? {}) : [];
  return [...members, ...strangers.map(([sink, id]) => ({ sink, id, isMember: false }))].filter(
    ({ sink }) => !(sink in wanted.connections),
  );
}

/** The endings without what another resource of the stack holds: that is left to its owner, which a warning names. */
async function unclaimed(world: World, olds: RecordedSet, wanted: WantedSet): Promise<Ending[]> {
  const asking = { source: wanted.source, sourceOrgId: olds.sourceOrgId };
  const own: Ending[] = [];
  for (const ending of endings(olds, wanted)) {
    const { sink, id, isMember } = ending;
    const reason = isMember ? undefined : await claimantOf(world, asking, sink, id);
    if (reason === undefined) {
      own.push(ending);
      continue;
    }
    world.warn(
      `${olds.sourceOrgName ?? olds.sourceOrgId} to ${sink}: connection ${id} is not declared by the exclusive set of ` +
        `${labelOf(wanted.source)}, and is not deleted: ${reason}.`,
    );
  }
  return own;
}

function isChanged(olds: RecordedSet, wanted: WantedSet): boolean {
  if (wanted.source !== olds.source || wanted.exclusive !== olds.exclusive) return true;
  if (wanted.adopt !== olds.adopt || wanted.reason !== olds.reason) return true;
  return Object.entries(wanted.connections).some(
    ([sink, types]) => !olds.members[sink] || !sameSet(types, olds.connections[sink] ?? []),
  );
}
