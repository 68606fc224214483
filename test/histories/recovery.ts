/**
 * The documented recovery, after faults have stopped and credentials are correct again: `refresh`, then `up`,
 * with adoption if a create did not complete; and the checks after it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { explainOrphan } from "./checks.js";
import { DEFAULT_RUN, listReplaceable } from "./operation.js";
import type { History, RunMove } from "./moves.js";
import { listSavedConnections, getUndeclared, isSetState, type SavedResource } from "./saved-resource.js";
import { listDeclaredConnections, isSet, pick, type DeclaredResource } from "./program.js";
import { formatTypes, type OperationResult, type RunError, type Scenario } from "./scenario.js";

/** Clears faults, restores credentials and permissions, and waits until outstanding requests complete. */
export async function settle(scenario: Scenario): Promise<void> {
  scenario.sandbox.clearFaults();
  scenario.restoreAccess();
  while (scenario.hasLateWrites()) {
    await Promise.allSettled(scenario.outstanding);
    await sleep(Math.max(1, scenario.lateUntil - performance.now()));
  }
  scenario.log("-- recovery");
}

/** Runs the recovery, with adoption if an error requires it. */
export async function recover(scenario: Scenario, how: History["recovery"]): Promise<void> {
  scenario.stats.recoveries++;
  let adoptAll = false;
  // Each round resolves at least one conflict. Without --continue-on-error, a run reports only one.
  const rows = [...scenario.program.values()].flatMap(listDeclaredConnections).length;
  for (let round = 0; round <= 2 * Math.max(rows, scenario.program.size) + 1; round++) {
    resolveConflicts(scenario, how);
    const { errors } = await runUpWithRefresh(scenario, how, adoptAll);
    if (errors.length === 0) return;
    // `up --refresh` may report a set twice: its read, then its diff.
    const replaced = new Set<string>();
    for (const error of errors) {
      if (replaced.has(error.resource)) continue;
      if (await replaceSetOfOtherOrganization(scenario, error, adoptAll)) {
        replaced.add(error.resource);
        continue;
      }
      const why = explainError(scenario, error);
      if (why === undefined)
        scenario.fail(`recovery failed: ${error.call} ${error.resource}: ${error.message}`);
      scenario.stats.count("exceptions", `recovery needed adoption: ${why}`);
    }
    adoptAll = true;
  }
  scenario.fail("the recovery did not complete");
}

async function runUpWithRefresh(
  scenario: Scenario,
  how: History["recovery"],
  adoptAll: boolean,
): Promise<OperationResult> {
  const run: RunMove = { ...DEFAULT_RUN, ...how, adoptAll };
  if (how.oneCommand) return scenario.runOperation(scenario, { ...run, command: "up --refresh" });
  const refreshed = await scenario.runOperation(scenario, { ...run, command: "refresh" });
  if (refreshed.errors.length > 0) return refreshed;
  return scenario.runOperation(scenario, { ...run, preview: false });
}

/**
 * If another user created a declared pair, the author of the program must decide: adopt it, or remove the
 * declaration. This must happen before a run that adopts everything, which would adopt the connection without
 * a decision.
 */
function resolveConflicts(scenario: Scenario, { yieldToOthers }: History["recovery"]): void {
  for (const [name, declared] of scenario.program) {
    for (const { pair } of listDeclaredConnections(declared)) {
      const live = scenario.findLive(pair);
      if (!live || !scenario.others.has(live.id) || declared.adopt) continue;
      if (yieldToOthers) yieldPair(scenario, name, pair);
      else scenario.program.set(name, { ...declared, adopt: true });
      scenario.log(`${yieldToOthers ? "yields to" : "adopts on purpose"} ${live.id.slice(0, 8)}: ${name}`);
      scenario.stats.count("exceptions", yieldToOthers ? "yielded to others" : "will adopt from others");
    }
  }
}

function yieldPair({ program }: Scenario, name: string, pair: string): void {
  const declared = program.get(name);
  if (!declared || !isSet(declared)) return void program.delete(name);
  const remaining = listDeclaredConnections(declared).filter((row) => row.pair !== pair);
  program.set(name, {
    ...declared,
    members: new Map(remaining.map(({ sink, types = [] }) => [sink, types])),
  });
}

/**
 * Replaces a set without members that was created with another organization's keys, as the error advises. Returns false if this is
 * not the cause of the error.
 */
async function replaceSetOfOtherOrganization(
  scenario: Scenario,
  { resource, code }: RunError,
  adoptAll: boolean,
): Promise<boolean> {
  const { state, stats } = scenario;
  const saved = state.resources.get(resource);
  if (code !== "wrong-organization" || !saved || !isSetState(saved.outputs)) return false;
  if (listSavedConnections(saved).length > 0) return false;
  stats.count("exceptions", "recovery replaced a set without members");
  const replace = listReplaceable(scenario).indexOf(resource);
  await scenario.runOperation(scenario, { ...DEFAULT_RUN, adoptAll, replace });
  return true;
}

/** Explains why an `up` during recovery may fail with this error; undefined if it may not. */
function explainError(scenario: Scenario, { resource, code, message }: RunError): string | undefined {
  const declared = scenario.program.get(resource);
  if (code !== "pair-exists" || !declared) return undefined;
  const rows = listDeclaredConnections(declared).map(({ pair }) => scenario.findLive(pair));
  const live = isSet(declared) ? rows.find((row) => row && message.includes(row.id)) : rows[0];
  // Deleted by the end of the run: a replaced resource managed it.
  if (!live) return "the pair was managed by a resource that was replaced";
  if (scenario.getSavedIds().has(live.id)) return "renamed, swapped or replaced without `aliases` or `adopt`";
  return explainOrphan(scenario, live.id);
}

/**
 * After a recovery, state, live and declared connections agree, other users' connections are unchanged, and
 * the next preview is clean.
 */
export async function checkRecovered(scenario: Scenario): Promise<void> {
  const { program, state } = scenario;
  if ((state.pendingOperations ?? 0) > 0) scenario.fail("operations are still pending");
  if (state.pendingDeletes.length > 0) scenario.fail("deletions are still pending");
  if (state.resources.size !== program.size)
    scenario.fail("the state and the program have different resources");
  if (hasUndeclared(scenario)) await deleteUndeclared(scenario);
  const ids = new Set<string>();
  for (const [name, declared] of program) {
    const saved = state.resources.get(name);
    if (!saved) return scenario.fail(`${name} is not in the state`);
    checkResource(scenario, name, declared, saved);
    for (const { id } of listSavedConnections(saved)) {
      if (ids.has(id)) scenario.fail(`two resources manage ${id}`);
      ids.add(id);
    }
  }
  checkLeftovers(scenario, ids);
  const next = await scenario.runOperation(scenario, { ...DEFAULT_RUN, command: "preview" });
  if (next.errors.length > 0) scenario.fail("the next preview fails");
  if (next.differences.size > 0)
    scenario.fail(`the next preview is not clean: ${JSON.stringify([...next.differences])}`);
  if (next.writes > 0) scenario.fail("the next preview writes");
  const again = await scenario.runOperation(scenario, { ...DEFAULT_RUN, preview: false });
  if (again.errors.length > 0 || again.writes > 0) scenario.fail("a second up sends a write");
}

const hasUndeclared = ({ state }: Scenario) =>
  [...state.resources.values()].some((saved) => Object.keys(getUndeclared(saved)).length > 0);

/** The next `up` deletes the undeclared connections that an exclusive set found. */
async function deleteUndeclared(scenario: Scenario): Promise<void> {
  scenario.stats.count("exceptions", "one more up, to delete the undeclared connections of an exclusive set");
  const { errors } = await scenario.runOperation(scenario, DEFAULT_RUN);
  if (errors.length > 0 || hasUndeclared(scenario))
    scenario.fail("an exclusive set did not delete its undeclared connections");
}

/** Checks that state, live and declared connections agree. */
function checkResource(
  scenario: Scenario,
  name: string,
  declared: DeclaredResource,
  saved: SavedResource,
): void {
  const rows = new Map(listSavedConnections(saved).map((row) => [scenario.getKey(row.sinkOrgId), row]));
  for (const { sink, pair, types } of listDeclaredConnections(declared)) {
    const row = rows.get(sink);
    const live = row && scenario.findLiveById(row.id);
    if (!live || scenario.formatPair(live) !== pair)
      return scenario.fail(`${name} (${pair}) is not live as declared`);
    const liveTypes = formatTypes(live.connectionTypes);
    if (types && liveTypes !== formatTypes(types))
      scenario.fail(`${name} (${pair}) has the types ${liveTypes}`);
    if (formatTypes(row.types) !== liveTypes)
      scenario.fail(`the state of ${name} (${pair}) has different types`);
    rows.delete(sink);
  }
  if (rows.size > 0) scenario.fail(`${name} manages ${[...rows.keys()].join()}, which is not declared`);
}

/**
 * A live connection that is not in the state belongs to another user, or was left by an incomplete create of
 * a pair that is no longer declared.
 */
function checkLeftovers(scenario: Scenario, saved: ReadonlySet<string>): void {
  const declared = new Set(
    [...scenario.program.values()].flatMap(listDeclaredConnections).map(({ pair }) => pair),
  );
  for (const row of scenario.listLive()) {
    if (saved.has(row.id) || scenario.others.has(row.id)) continue;
    const pair = scenario.formatPair(row);
    const reason = explainOrphan(scenario, row.id);
    if (reason === undefined || declared.has(pair)) scenario.fail(`an orphan: ${row.id} ${pair}`);
    scenario.stats.count("exceptions", `left behind, no longer declared: ${reason}`);
  }
}

/** A final destroy keeps other users' connections, and those that were left behind. */
export async function checkDestroy(scenario: Scenario): Promise<void> {
  const saved = [...scenario.getSavedIds()];
  const { errors } = await scenario.runOperation(scenario, {
    ...DEFAULT_RUN,
    command: "destroy",
    continueOnError: pick([true, false], saved.length),
  });
  if (errors.length > 0) scenario.fail("the destroy failed");
  if (scenario.getSavedIds().size > 0) scenario.fail("the destroy left resources in the state");
  const remainingId = saved.find((id) => scenario.findLiveById(id) !== undefined);
  if (remainingId !== undefined) scenario.fail(`the destroy left ${remainingId} live`);
}
