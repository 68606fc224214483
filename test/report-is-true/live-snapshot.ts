/** What is live at one time, and what the preview could know about it. */
import { pick } from "../histories/program.js";
import {
  listSavedConnections,
  isSetState,
  toOfficial,
  type SavedResource,
} from "../histories/saved-resource.js";
import { ORG_BY_SOURCE } from "../histories/moves.js";
import type { Scenario, StackState } from "../histories/scenario.js";
import type { TypeChange } from "./claims.js";

/** One live connection. */
interface LiveRow {
  id: string;
  types: readonly string[];
}

/** Live connections by pair. */
export type LiveSnapshot = ReadonlyMap<string, LiveRow>;

/** Reads what is live now. */
export const readSnapshot = (scenario: Scenario): LiveSnapshot =>
  new Map(
    scenario.listLive().map((row) => [scenario.formatPair(row), { id: row.id, types: row.connectionTypes }]),
  );

/** Copies a state, since operations change the state of the scenario. */
export const copyState = ({ resources, pendingDeletes }: StackState): StackState => ({
  resources: new Map(resources),
  pendingDeletes: [...pendingDeletes],
});

/** Replaces resources of a state, by their indexes, by those of `@pulumi/datadog`. */
export function replaceByOfficial({ resources }: StackState, indexes: readonly number[]): void {
  if (resources.size === 0) return;
  for (const at of indexes) {
    const [name, saved] = pick([...resources], at);
    const official = toOfficial(saved);
    if (official) resources.set(name, official);
  }
}

/** Selects the resources of a state that `@pulumi/datadog` manages, or all others. */
export const selectOfficial = (
  { resources, pendingDeletes }: StackState,
  isOfficial: boolean,
): StackState => ({
  resources: new Map([...resources].filter(([, saved]) => (saved.isOfficial === true) === isOfficial)),
  pendingDeletes: pendingDeletes.filter(({ saved }) => (saved.isOfficial === true) === isOfficial),
});

/** Lists every connection of a state, including undeclared ones that an exclusive set found. */
function listStateConnections(scenario: Scenario, state: StackState): { pair: string; shared: LiveRow }[] {
  const all = [...state.resources.values(), ...state.pendingDeletes.map(({ saved }) => saved)];
  return all.flatMap((saved) =>
    [...listSavedConnections(saved), ...listUndeclared(saved)].map(({ id, sinkOrgId, types }) => ({
      pair: scenario.formatPair({ sourceOrgId: saved.outputs.sourceOrgId ?? "", sinkOrgId }),
      shared: { id, types },
    })),
  );
}

function listUndeclared({ outputs }: SavedResource) {
  if (!isSetState(outputs)) return [];
  return Object.entries(outputs.undeclared ?? {}).map(([sinkOrgId, id]) => ({
    id,
    sinkOrgId,
    types: outputs.connections[sinkOrgId] ?? [],
  }));
}

/**
 * Finds the drift that a preview without a refresh cannot detect: types by pair that differ between the state and what is
 * live, since other users have changed, deleted or recreated the connection.
 */
export function findUndetectedDrift(
  scenario: Scenario,
  state: StackState,
  live: LiveSnapshot,
): Map<string, Set<string>> {
  const undetected = new Map<string, Set<string>>();
  for (const { pair, shared } of listStateConnections(scenario, state)) {
    const { id, types = [] } = live.get(pair) ?? {};
    const all = [...types, ...shared.types];
    const differing = all.filter(
      (type) => id !== shared.id || !types.includes(type) || !shared.types.includes(type),
    );
    undetected.set(pair, new Set([...(undetected.get(pair) ?? []), ...differing]));
  }
  return undetected;
}

/**
 * KNOWN GAP of the preview checks, not of the report. Check treats the pairs in the old inputs as pairs that the resource
 * manages, and does not read them, so an adoption of such a pair is not reported. This is wrong for a pair that a
 * partially created set never got, for the destinations of a resource that moves to another source, and for the undeclared
 * connections that a refresh has added to the old inputs of an exclusive set.
 */
export function listUncheckedPairs(
  scenario: Scenario,
  prior: StackState,
  refreshed: StackState,
): Set<string> {
  const pairs = [...prior.resources].flatMap(([name, { inputs, outputs, isPartial }]) => {
    const declared = scenario.program.get(name);
    const sinks = "connections" in inputs ? Object.keys(inputs.connections) : [inputs.sinkOrgId];
    const was = outputs.sourceOrgId ?? "";
    const is = declared ? scenario.sandbox.getOrganization(ORG_BY_SOURCE[declared.source]).id : was;
    const sources = [...(isPartial === true ? [was] : []), ...(is === was ? [] : [is])];
    return sources.flatMap((sourceOrgId) =>
      sinks.map((sinkOrgId) => scenario.formatPair({ sourceOrgId, sinkOrgId })),
    );
  });
  const undeclared = [...refreshed.resources.values()].flatMap(({ outputs }) =>
    Object.keys("undeclared" in outputs ? (outputs.undeclared ?? {}) : {}).map((sinkOrgId) =>
      scenario.formatPair({ sourceOrgId: outputs.sourceOrgId ?? "", sinkOrgId }),
    ),
  );
  return new Set([...pairs, ...undeclared]);
}

/** Lists the pairs of connections that are in the state and no longer live. */
export function listGonePairs(scenario: Scenario, state: StackState, live: LiveSnapshot): Set<string> {
  const ids = new Set([...live.values()].map(({ id }) => id));
  return new Set(
    listStateConnections(scenario, state).flatMap(({ pair, shared }) => (ids.has(shared.id) ? [] : [pair])),
  );
}

/** Lists the types that were added or removed between two snapshots. */
export function compareSnapshots(before: LiveSnapshot, after: LiveSnapshot): TypeChange[] {
  const pairs = [...new Set([...before.keys(), ...after.keys()])];
  return pairs.flatMap((pair): TypeChange[] => {
    const [was, is] = [before.get(pair)?.types ?? [], after.get(pair)?.types ?? []];
    return [
      ...is.filter((type) => !was.includes(type)).map((type) => ({ effect: "added" as const, pair, type })),
      ...was.filter((type) => !is.includes(type)).map((type) => ({ effect: "removed" as const, pair, type })),
    ];
  });
}
