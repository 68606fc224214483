import { toldOf } from "../stack/told.js";
import type { Change } from "./change.js";
import type { Held, UnreadableHeld } from "./held.js";
import type { Known } from "./known.js";
import type { Settled } from "./settle.js";
import { difference, isSamePair, without, type Sharing } from "./sharing.js";
import { recordedChanges } from "./wanted.js";

/** The changes of one connection of one resource: none when nothing changes, two when what it had ends and it takes another one over. */
export function changesFrom(one: Settled, known: Known): Change[] {
  const { held, wanted, life, takes, isTaken, before, after } = one;
  if (held && before && (!wanted || !after)) return isTaken ? [] : [ended(one, held, before, known)];
  if (!wanted || !after) return [];
  if (!held || !before) return [takes ? takenOver(one, takes, after, known) : made(one, after, known)];
  if (life.op !== "replace") return stays(one, held, before, after, known);
  const begun = takes ? takenOver(one, takes, after, known) : made(one, after, known);
  if (isTaken) return [begun];
  // Two things happen to two connections.
  if (takes || life.live?.retainOnDelete === true) return [ended(one, held, before, known), begun];
  return [replaced(one, held, before, after, known)];
}

type Common = Pick<Change, "urn" | "resource" | "form" | "protect" | "adopt" | "recorded"> & Partial<Change>;

function common({ life, held, wanted: next }: Settled, isBegun = true): Common {
  const wanted = isBegun ? next : undefined;
  return {
    urn: life.urn,
    resource: life.name,
    form: life.form,
    protect: wanted ? wanted.protect : (life.live?.protect ?? false),
    adopt: wanted?.adopt ?? false,
    reason: wanted ? wanted.reason : toldOf(life.live?.inputs.reason),
    isOpen: wanted?.isOpen === true ? true : undefined,
    // With a declaration it is one connection, of which the types cannot be read.
    isUnreadable: held?.isUnreadable === true && !next ? true : undefined,
    recorded: [],
  };
}

const factsOf = ({ id, createdAt, createdBy }: Held | UnreadableHeld, known: Known): Partial<Change> => ({
  connectionId: id,
  createdAt,
  createdBy: known.creator({ id: createdBy }),
});

/** What the preview says of the connection that is there already, and nothing confirms. */
function announced({ announced: said }: Settled, after: Sharing): Change["announced"] {
  if (!said) return undefined;
  const connectionTypes = said.connectionTypes.toSorted();
  const lost = after.openTypes === undefined ? without(connectionTypes, after.connectionTypes) : [];
  return { connectionId: said.connectionId, connectionTypes, lost };
}

function made(one: Settled, after: Sharing, known: Known): Change {
  const { held, recorded, collides } = one;
  // The refresh has found that it is gone, and what the program declares now is the same pair.
  const isGone = !held && recorded !== undefined && isSamePair(known.sharing(recorded.sharing), after);
  return {
    ...common(one),
    kind: isGone ? "drift" : "create",
    after,
    gained: after.connectionTypes,
    lost: [],
    drift: isGone ? { gone: true, added: [], removed: [] } : undefined,
    collision: collides,
    announced: announced(one, after),
  };
}

function takenOver(one: Settled, takes: NonNullable<Settled["takes"]>, after: Sharing, known: Known): Change {
  const before: Sharing = {
    ...after,
    connectionTypes: takes.connectionTypes.toSorted(),
    openTypes: takes.openTypes,
  };
  return {
    ...common(one),
    kind: "adopt",
    before,
    after: settledTypes(before, after),
    ...difference(before, after),
    connectionId: takes.id,
    createdAt: takes.createdAt,
    createdBy: takes.createdBy && known.creator(takes.createdBy),
    takenFrom: takes.takenFrom,
    isRace: takes.isRace,
  };
}

function ended(one: Settled, held: Held | UnreadableHeld, before: Sharing, known: Known): Change {
  const { live, op } = one.life;
  // What a set no longer declares it ends all the same.
  const isKept = op !== "update" && live?.retainOnDelete === true;
  return {
    ...common(one, false),
    kind: isKept ? "release" : kindOf(one),
    before,
    after: isKept ? before : undefined,
    gained: [],
    lost: isKept ? [] : before.connectionTypes,
    ...factsOf(held, known),
    because: held.isStranger ? "exclusive" : one.life.becomesView ? "view" : undefined,
  };
}

/** Of a resource of which not all can be read, what its step does: which connections that ends is not known. */
function kindOf({ held, life: { op } }: Settled): "delete" | "update" | "replace" {
  return held?.isUnreadable === true && (op === "update" || op === "replace") ? op : "delete";
}

function replaced(
  one: Settled,
  held: Held | UnreadableHeld,
  before: Sharing,
  after: Sharing,
  known: Known,
): Change {
  const isSame = isSamePair(before, after);
  // Datadog chooses types for the new connection, whatever the old one shared.
  const isCompared = isSame && after.openTypes !== "left-to-datadog";
  return {
    ...common(one),
    kind: "replace",
    before,
    after,
    // Of the same pair the connection is another one, and what it shares stops in between.
    gained: isCompared ? difference(before, after).gained : after.connectionTypes,
    lost: isCompared ? difference(before, after).lost : before.connectionTypes,
    ...factsOf(held, known),
    gap: isSame ? true : undefined,
    deleteFirst: one.life.deleteFirst,
    collision: one.collides,
    announced: announced(one, after),
  };
}

function stays(
  one: Settled,
  held: Held | UnreadableHeld,
  before: Sharing,
  after: Sharing,
  known: Known,
): Change[] {
  const { gained, lost } = difference(before, after);
  const recorded = recordedChanges(one.life, held);
  const drift = driftOf(one, held);
  // The types of what is the same may be untold too, before and after.
  const isOpen =
    one.life.op !== "same" && (after.openTypes === "not-told" || before.openTypes === "not-told");
  if (gained.length + lost.length === 0 && !isOpen) {
    if (recorded.length === 0) return [];
    return [
      {
        ...common(one),
        kind: "record",
        before,
        after: settledTypes(before, after),
        gained,
        lost,
        ...factsOf(held, known),
        recorded,
      },
    ];
  }
  const isUndone = drift !== undefined && !isOpen && isSameList(one.recorded?.sharing, after);
  return [
    {
      ...common(one),
      kind: isUndone ? "drift" : "update",
      before,
      after,
      gained,
      lost,
      ...factsOf(held, known),
      drift,
      recorded,
    },
  ];
}

function driftOf({ recorded }: Settled, held: Held | UnreadableHeld): Change["drift"] {
  if (!recorded || recorded.sharing.openTypes !== undefined || held.sharing.openTypes !== undefined)
    return undefined;
  const [now, then] = [held.sharing.connectionTypes, recorded.sharing.connectionTypes];
  const drift = { gone: false, added: without(now, then), removed: without(then, now) };
  return drift.added.length + drift.removed.length === 0 ? undefined : drift;
}

/** Types left to Datadog stay as they are. */
function settledTypes(before: Sharing, after: Sharing): Sharing {
  if (after.openTypes !== "left-to-datadog") return after;
  return { ...after, connectionTypes: before.connectionTypes };
}

const isSameList = (a: Sharing | undefined, b: Sharing): boolean =>
  a?.connectionTypes.join() === b.connectionTypes.join();
