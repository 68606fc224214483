/** Program changes that affect sets. */
import {
  MEMBER_TYPES,
  RESOURCE_NAMES,
  SET_NAMES,
  DESTINATIONS,
  SOURCES,
  type SetMove,
  type SinkName,
} from "./moves.js";
import { isSet, pick, type Program } from "./program.js";

/** Returns the program after the move. May modify `next`. */
export function changeSets(next: Program, move: SetMove): Program | undefined {
  switch (move.kind) {
    case "add-set": {
      const { adopt, dbr, exclusive } = move;
      const name = pick(SET_NAMES, move.name);
      if (next.has(name)) return undefined;
      const members = new Map<SinkName, readonly string[]>();
      DESTINATIONS.forEach((sink, at) => {
        const types = move.members[at];
        if (types !== undefined) members.set(sink, pick(MEMBER_TYPES, types));
      });
      return next.set(name, { source: pick(SOURCES, move.source), members, exclusive, adopt, dbr });
    }
    case "exclusive": {
      const sets = [...next].flatMap(([name, one]) => (isSet(one) ? [{ name, one }] : []));
      if (sets.length === 0) return undefined;
      const { name, one } = pick(sets, move.at);
      return next.set(name, { ...one, exclusive: move.exclusive });
    }
    case "to-set":
      return moveToSet(next, move.at, pick(SET_NAMES, move.name));
    case "to-singles":
      return moveToSingles(next, move.at);
  }
}

/** Declares the connections in a set with `adopt`, and removes the single resources, in one change. */
function moveToSet(next: Program, at: number, newName: string): Program | undefined {
  const singles = [...next].flatMap(([name, one]) => (isSet(one) ? [] : [{ name, one }]));
  if (singles.length === 0) return undefined;
  const { source } = pick(singles, at).one;
  const moving = singles.filter(({ one }) => one.source === source);
  const [name, set] = [...next].find(([, one]) => isSet(one) && one.source === source) ?? [newName];
  if (!set && next.has(name)) return undefined;
  const base =
    set && isSet(set)
      ? set
      : { source, members: new Map<SinkName, readonly string[]>(), exclusive: false, dbr: false };
  const members = new Map(base.members);
  for (const { name: single, one } of moving) {
    members.set(one.sink, one.types ?? ["logs"]);
    next.delete(single);
  }
  return next.set(name, { ...base, members, adopt: true });
}

/** Declares each member as a single resource with `adopt`, and removes the set, in one change. */
function moveToSingles(next: Program, at: number): Program | undefined {
  const sets = [...next].flatMap(([name, one]) => (isSet(one) ? [{ name, one }] : []));
  if (sets.length === 0) return undefined;
  const { name, one } = pick(sets, at);
  const { source, dbr } = one;
  const free = RESOURCE_NAMES.filter((candidate) => !next.has(candidate));
  if (free.length < one.members.size) return undefined;
  next.delete(name);
  [...one.members].forEach(([sink, types], number) => {
    next.set(pick(free, number), { source, sink, types, adopt: true, dbr });
  });
  return next;
}
