import { create } from "../connection/create.js";
import { remove } from "../connection/delete.js";
import { changeHeld } from "../connection/update.js";
import { requireCaller, requireProvenCaller } from "../operation/identity.js";
import { sameSet } from "../connection/inputs.js";
import type { Session } from "../operation/session.js";
import { isOrgConnectionsError, OrgConnectionsError } from "../api/org-connections-error.js";
import type { World } from "../operation/world.js";
import { claimantOf } from "./claimants.js";
import { endings } from "./diff.js";
import { each, reasonsOf, type Outcome } from "./each.js";
import { single } from "./inputs.js";
import { strangersOf } from "./strangers.js";
import { DoneInPart, type Member, type RecordedSet, type WantedSet } from "./types.js";

/**
 * Makes what is live what the set wants, from whatever the state says: creates first, then changes, then removals, each
 * by the rules of a single connection, as many at once as the organization's gate lets through.
 *
 * @throws {@link DoneInPart} with exactly what is live when some of it failed
 */
export async function syncSet(
  world: World,
  olds: RecordedSet | undefined,
  wanted: WantedSet,
): Promise<RecordedSet> {
  const untouched = olds && recordedOnly(world, olds, wanted);
  if (untouched) return untouched;
  const session = world.session(wanted.source);
  const sourceOrgId = await requireProvenCaller(session, "Changing the set");
  if (olds) await requireCaller(session, [olds.sourceOrgId], "Changing the set");

  const state = stateOf(world, olds, wanted, sourceOrgId);
  const failures: Outcome<{ sink: string }>["failures"] = [];
  let untried = 0;
  const endsOf = (sink: string) => ({ source: wanted.source, sourceOrgId, sinkOrgId: sink });
  const sinks = Object.keys(wanted.connections).map((sink) => ({ sink }));
  const doEach = async <T extends { sink: string }>(items: T[], work: (item: T) => Promise<void>) => {
    // Once something was left alone, so is what follows.
    const isOver = untried > 0;
    const done = isOver
      ? { failures: [], untried: items.length }
      : await each(items, session.maxInFlight, work);
    failures.push(...done.failures);
    untried += done.untried;
  };
  await doEach(
    sinks.filter(({ sink }) => !state.members[sink]),
    async ({ sink }) => {
      const { connectionId, recorded } = await create(world, single(wanted, sink));
      const { sinkOrgName, createdAt, createdBy } = recorded;
      state.members[sink] = { id: connectionId, sinkOrgName, createdAt, createdBy };
      state.connections[sink] = recorded.connectionTypes;
      if (recorded.sourceOrgName !== undefined) state.sourceOrgName = recorded.sourceOrgName;
    },
  );
  await doEach(
    sinks.filter(({ sink }) => isChanged(state, wanted, sink)),
    async ({ sink }) => {
      const { id } = state.members[sink] as Member;
      const live = await changeHeld(session, id, endsOf(sink), wanted.connections[sink] ?? []);
      state.connections[sink] = live.connectionTypes;
    },
  );
  await doEach(olds ? endings(olds, wanted) : [], async ({ sink, id, isMember }) => {
    // The comparison has named its owner.
    if (!isMember && (await claimantOf(world, state, sink, id)) !== undefined) return;
    await remove(world, id, endsOf(sink));
    forget(state, sink);
  });
  const reasons = reasonsOf(failures, olds?.members);
  if (untried > 0) reasons.push(leftAlone(session, untried, reasons[0]));
  // What was done by now must reach the state, even when the look fails.
  if (wanted.exclusive === true) {
    await noteStrangers(world, session, state).catch((error: unknown) => reasons.push(error as Error));
  }
  if (reasons.length > 0) throw new DoneInPart(state, reasons);
  return state;
}

function leftAlone(session: Session, untried: number, first: Error | undefined): Error {
  return new OrgConnectionsError(isOrgConnectionsError(first) ? first.code : "connection-failed", {
    happened: `${untried} more changes of ${session.credentials.label} were not tried, since too many failed one after the other.`,
    advice: "Once the cause is mended, `pulumi up` makes what is missing.",
  });
}

/** The state after a change that touches nothing live, such as that of a `reason`; undefined when there is more to do. */
function recordedOnly(world: World, olds: RecordedSet, wanted: WantedSet): RecordedSet | undefined {
  const state = stateOf(world, olds, wanted, olds.sourceOrgId);
  const isAsWanted = Object.keys(wanted.connections).every(
    (sink) => state.members[sink] && !isChanged(state, wanted, sink),
  );
  // An exclusive set looks for strangers.
  return isAsWanted && endings(olds, wanted).length === 0 && wanted.exclusive !== true ? state : undefined;
}

/** The state so far: the inputs, and the members as they were, but for those that this operation has ended. */
function stateOf(
  world: World,
  olds: RecordedSet | undefined,
  wanted: WantedSet,
  sourceOrgId: string,
): RecordedSet {
  const members = Object.fromEntries(
    Object.entries(olds?.members ?? {}).filter(([, { id }]) => !world.ended.has(id)),
  );
  const connections = Object.fromEntries(
    Object.keys(members).map((sink) => [sink, olds?.connections[sink] ?? []]),
  );
  return {
    ...wanted,
    connections,
    members,
    sourceOrgId,
    sourceOrgName: olds?.sourceOrgName,
  };
}

function isChanged(state: RecordedSet, wanted: WantedSet, sink: string): boolean {
  return (
    state.members[sink] !== undefined &&
    !sameSet(state.connections[sink] ?? [], wanted.connections[sink] ?? [])
  );
}

function forget(state: RecordedSet, sink: string): void {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record by destination
  delete state.members[sink];
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  delete state.connections[sink];
}

async function noteStrangers(world: World, session: Session, state: RecordedSet): Promise<void> {
  const { connections, ids } = await strangersOf(world, await session.listing(), state);
  Object.assign(state.connections, connections);
  if (Object.keys(ids).length > 0) state.strangers = ids;
}
