/** What is shared at one moment, and what the preview could know of it. */
import { heldRows, isSetOutputs, type Held } from "../histories/held.js";
import { ORG_OF } from "../histories/moves.js";
import type { Scene, State } from "../histories/scene.js";
import type { Happened } from "./claims.js";

/** One live connection. */
interface Shared {
  id: string;
  types: readonly string[];
}

/** By pair. */
export type Moment = ReadonlyMap<string, Shared>;

/** What is live now. */
export const liveNow = (scene: Scene): Moment =>
  new Map(scene.live().map((row) => [scene.pair(row), { id: row.id, types: row.connectionTypes }]));

/** A state by itself: operations replace what is in the scene's. */
export const copyState = ({ resources, pendingDeletes }: State): State => ({
  resources: new Map(resources),
  pendingDeletes: [...pendingDeletes],
});

/** Every connection of a state: those of members, and those that an exclusive set has found. */
function recordedIn(scene: Scene, state: State): { pair: string; shared: Shared }[] {
  const all = [...state.resources.values(), ...state.pendingDeletes.map(({ held }) => held)];
  return all.flatMap((held) =>
    [...heldRows(held), ...undeclaredRows(held)].map(({ id, sinkOrgId, types }) => ({
      pair: scene.pair({ sourceOrgId: held.outputs.sourceOrgId ?? "", sinkOrgId }),
      shared: { id, types },
    })),
  );
}

function undeclaredRows({ outputs }: Held) {
  if (!isSetOutputs(outputs)) return [];
  return Object.entries(outputs.strangers ?? {}).map(([sinkOrgId, id]) => ({
    id,
    sinkOrgId,
    types: outputs.connections[sinkOrgId] ?? [],
  }));
}

/**
 * By pair, the types of which a preview without a refresh says what the state says, which is not what is live: people have
 * changed, ended or recreated the connection since. After a refresh there are none.
 */
export function unseenDrift(scene: Scene, state: State, live: Moment): Map<string, Set<string>> {
  const unseen = new Map<string, Set<string>>();
  for (const { pair, shared } of recordedIn(scene, state)) {
    const { id, types = [] } = live.get(pair) ?? {};
    const all = [...types, ...shared.types];
    const differing = all.filter(
      (type) => id !== shared.id || !types.includes(type) || !shared.types.includes(type),
    );
    unseen.set(pair, new Set([...(unseen.get(pair) ?? []), ...differing]));
  }
  return unseen;
}

/**
 * KNOWN GAP, of the preview checks and not of the report. Check remembers the pairs that old inputs name as pairs that a
 * resource holds, and asks nothing about them: that they exist and are adopted is not said. It is wrong about a pair that a
 * set created in part has never got, and about the destinations of a resource that moves to another source.
 */
export function uncheckedPairs(scene: Scene, { resources }: State): Set<string> {
  const pairs = [...resources].flatMap(([name, { inputs, outputs, isPartial }]) => {
    const declared = scene.program.get(name);
    const sinks = "connections" in inputs ? Object.keys(inputs.connections) : [inputs.sinkOrgId];
    const was = outputs.sourceOrgId ?? "";
    const is = declared ? scene.sandbox.organization(ORG_OF[declared.source]).id : was;
    const sources = [...(isPartial === true ? [was] : []), ...(is === was ? [] : [is])];
    return sources.flatMap((sourceOrgId) => sinks.map((sinkOrgId) => scene.pair({ sourceOrgId, sinkOrgId })));
  });
  return new Set(pairs);
}

/** Pairs of connections that the state holds, and that are live no longer. */
export function goneIn(scene: Scene, state: State, live: Moment): Set<string> {
  const ids = new Set([...live.values()].map(({ id }) => id));
  return new Set(recordedIn(scene, state).flatMap(({ pair, shared }) => (ids.has(shared.id) ? [] : [pair])));
}

/** Everything that happened between two moments. */
export function happenedBetween(before: Moment, after: Moment): Happened[] {
  const pairs = [...new Set([...before.keys(), ...after.keys()])];
  return pairs.flatMap((pair): Happened[] => {
    const [was, is] = [before.get(pair)?.types ?? [], after.get(pair)?.types ?? []];
    return [
      ...is.filter((type) => !was.includes(type)).map((type) => ({ what: "gained" as const, pair, type })),
      ...was.filter((type) => !is.includes(type)).map((type) => ({ what: "lost" as const, pair, type })),
    ];
  });
}
