/** Checks what a report counts as unchanged. */
import { listSavedConnections, type SavedResource } from "../histories/saved-resource.js";
import { listDeclaredConnections } from "../histories/program.js";
import type { Scenario, StackState } from "../histories/scenario.js";
import type { Case } from "./case.js";
import type { LiveSnapshot } from "./live-snapshot.js";
import type { ReviewReport } from "./report.js";

/** The states before the refresh, after the refresh, and after the `up`. */
export interface CaseStates {
  /** The resource of `--replace`. */
  forced: string | undefined;
  prior: StackState;
  refreshed: StackState;
  after: StackState;
}

/** Checks the count of unchanged connections in the report. */
export function checkUnchangedCount(
  scenario: Scenario,
  one: Case,
  report: ReviewReport,
  states: CaseStates,
  live: LiveSnapshot,
): string[] {
  const { unchanged } = report.summary;
  // The report lists as a change what a forced replacement adopts from itself.
  const stayed = listUnchangedIds(states, { hasSameSpecification: true, hasSameFlags: true });
  // If types become unspecified, the engine plans no change. Values that a preview does not print may differ although they
  // appear equal.
  const hasSameFlags = one.hidden === undefined;
  const most =
    listUnchangedIds(states, { hasSameSpecification: false, hasSameFlags }).size +
    countUnconfirmed(scenario, one, states, live);
  const isExact = report.complete && hasSameFlags;
  if (unchanged > most || (isExact && unchanged < stayed.size)) {
    return [
      `${unchanged} are reported as unchanged, but ${stayed.size} are (${most - stayed.size} more may count)`,
    ];
  }
  const mustBeComplete = one.withState && one.hidden === undefined;
  return mustBeComplete && !report.complete ? ["the report says that it is incomplete"] : [];
}

/** Lists the ids of connections that the same resource manages before and after, without a change. */
function listUnchangedIds(
  { forced, refreshed, after }: CaseStates,
  { hasSameSpecification, hasSameFlags }: { hasSameSpecification: boolean; hasSameFlags: boolean },
): Set<string> {
  const stayed = [...refreshed.resources].flatMap(([name, saved]) => {
    const now = after.resources.get(name);
    if (!now || name === forced || (hasSameFlags && formatFlags(saved) !== formatFlags(now))) return [];
    if (hasSameSpecification && isUnspecified(saved) !== isUnspecified(now)) return [];
    const rows = new Map(listSavedConnections(now).map((row) => [row.id, row]));
    return listSavedConnections(saved).filter(({ id, types }) => rows.get(id)?.types.join() === types.join());
  });
  return new Set(stayed.map(({ id }) => id));
}

/** The other properties of a resource, whose changes are reported too. */
function formatFlags({ inputs }: SavedResource): string {
  const { source, adopt, reason } = inputs;
  return JSON.stringify([source, adopt, reason, "exclusive" in inputs && inputs.exclusive]);
}

const isUnspecified = ({ inputs }: SavedResource): boolean =>
  !("connections" in inputs) && inputs.connectionTypes === undefined;

/**
 * Counts the connections that a refresh finds gone and that the program no longer declares. Only the event format shows what a
 * refresh finds. In other formats only a lookup confirms the provider's notice, so they count as unchanged, with a note.
 */
function countUnconfirmed(
  scenario: Scenario,
  { refresh, format, lookup, provider }: Case,
  { prior }: CaseStates,
  live: LiveSnapshot,
): number {
  // A lookup has no keys of a program's provider.
  if (!refresh || format === "events" || (lookup && !provider)) return 0;
  const ids = new Set([...live.values()].map(({ id }) => id));
  const gone = [...prior.resources].flatMap(([name, saved]) => {
    const declared = scenario.program.get(name);
    const sinks = (declared ? listDeclaredConnections(declared) : []).map(
      ({ sink }) => scenario.sandbox.getOrganization(sink).id,
    );
    return listSavedConnections(saved).filter(
      ({ id, sinkOrgId }) => !ids.has(id) && !sinks.includes(sinkOrgId),
    );
  });
  return gone.length;
}
