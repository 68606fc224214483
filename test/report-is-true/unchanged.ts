/** What a report counts as unchanged. */
import { heldRows, type Held } from "../histories/held.js";
import { declaredRows } from "../histories/program.js";
import type { Scene, State } from "../histories/scene.js";
import type { Case } from "./case.js";
import type { Moment } from "./moment.js";
import type { Report } from "./report.js";

/** The state before a refresh, what the refresh has made of it, and the state after the `up`. */
export interface States {
  /** The resource of `--replace`. */
  forced: string | undefined;
  recorded: State;
  seen: State;
  after: State;
}

/** What is wrong with the number of connections that the report says stay as they are. */
export function wrongCount(scene: Scene, one: Case, report: Report, states: States, live: Moment): string[] {
  const { unchanged } = report.summary;
  // What a forced replacement adopts from itself is a change of the report.
  const stayed = stayedIn(states, { isOpenAlike: true, isAlike: true });
  // Types that the program leaves to Datadog from now on are no change by themselves: the engine plans nothing. What a
  // preview does not print may differ and look the same.
  const isAlike = one.hidden === undefined;
  const most = stayedIn(states, { isOpenAlike: false, isAlike }).size + unconfirmed(scene, one, states, live);
  const isExact = report.isWhole && isAlike;
  if (unchanged > most || (isExact && unchanged < stayed.size)) {
    return [`${unchanged} are said to stay, and ${stayed.size} did (${most - stayed.size} more may count)`];
  }
  const mustBeWhole = one.withState && one.hidden === undefined;
  return mustBeWhole && !report.isWhole ? ["not all that stays is said to be known"] : [];
}

/** Ids of connections that the same resource holds before and after, with nothing changed. */
function stayedIn(
  { forced, seen, after }: States,
  { isOpenAlike, isAlike }: { isOpenAlike: boolean; isAlike: boolean },
): Set<string> {
  const stayed = [...seen.resources].flatMap(([name, held]) => {
    const now = after.resources.get(name);
    if (!now || name === forced || (isAlike && flagsOf(held) !== flagsOf(now))) return [];
    if (isOpenAlike && isOpen(held) !== isOpen(now)) return [];
    const rows = new Map(heldRows(now).map((row) => [row.id, row]));
    return heldRows(held).filter(({ id, types }) => rows.get(id)?.types.join() === types.join());
  });
  return new Set(stayed.map(({ id }) => id));
}

/** Everything else that a resource records, which is a change too. */
function flagsOf({ inputs }: Held): string {
  const { source, adopt, reason } = inputs;
  return JSON.stringify([source, adopt, reason, "exclusive" in inputs && inputs.exclusive]);
}

const isOpen = ({ inputs }: Held): boolean =>
  !("connections" in inputs) && inputs.connectionTypes === undefined;

/**
 * Connections that a refresh finds gone and that the program no longer declares. Only the form of events shows what a refresh
 * finds. In the others nothing but a look-up confirms the provider's notice: they count as unchanged, and a note says so.
 */
function unconfirmed(
  scene: Scene,
  { refresh, form, lookup }: Case,
  { recorded }: States,
  live: Moment,
): number {
  if (!refresh || form === "events" || lookup) return 0;
  const ids = new Set([...live.values()].map(({ id }) => id));
  const gone = [...recorded.resources].flatMap(([name, held]) => {
    const declared = scene.program.get(name);
    const sinks = (declared ? declaredRows(declared) : []).map(
      ({ sink }) => scene.sandbox.organization(sink).id,
    );
    return heldRows(held).filter(({ id, sinkOrgId }) => !ids.has(id) && !sinks.includes(sinkOrgId));
  });
  return gone.length;
}
