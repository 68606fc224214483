import { remove } from "../connection/delete.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import type { World } from "../operation/world.js";
import { each, reasonsOf } from "./each.js";
import type { RecordedSet } from "./types.js";

/** Ends the members of a set, and nothing else. What could not be ended is named, and the set stays in the state. */
export async function removeSet(world: World, olds: RecordedSet): Promise<void> {
  const members = Object.entries(olds.members).map(([sink, member]) => ({ sink, ...member }));
  const { source, sourceOrgId, sourceOrgName } = olds;
  const { maxInFlight } = world.session(source);
  const { failures, untried } = await each(members, maxInFlight, ({ sink, id, sinkOrgName }) =>
    remove(world, id, { source, sourceOrgId, sourceOrgName, sinkOrgId: sink, sinkOrgName }),
  );
  const reasons = reasonsOf(failures, olds.members);
  const [first] = reasons;
  if (!first) return;
  const left = failures.length + untried;
  if (!isOrgConnectionsError(first) || left === 1) throw first;
  const other = reasons.length - 1;
  const others = other > 0 ? ` And ${other} other ${other === 1 ? "cause" : "causes"}.` : "";
  throw new OrgConnectionsError(
    first.code,
    `${left} of the set's connections were not ended. ${first.text}${others}`,
    first.facts,
  );
}
