/** Checks during a history: no false success, no change to other users' connections, no unreported orphan. */
import {
  listSavedConnections,
  getUndeclared,
  isSetState,
  type SavedResource,
  type SavedConnection,
} from "./saved-resource.js";
import { listDeclaredConnections, isSet, type DeclaredResource, type DeclaredConnection } from "./program.js";
import type { OperationRun } from "./run.js";
import { parseCode, createConnectionFormatter, formatTypes, type Scenario } from "./scenario.js";

/** A completed step. A partially completed step has the reasons why the rest failed. */
export type Success =
  | {
      call: "create";
      saved: SavedResource;
      declared: DeclaredResource;
      isAdopting: boolean;
      reasons: readonly string[];
    }
  | {
      call: "update";
      before: SavedResource;
      saved: SavedResource;
      declared: DeclaredResource;
      isAdopting: boolean;
      reasons: readonly string[];
    }
  | { call: "delete"; saved: SavedResource }
  | { call: "read"; saved: SavedResource; refreshed: SavedResource | undefined };

/** Compares a success with the live connections, unless an earlier write may have just taken effect. */
export function checkSuccess(run: OperationRun, name: string, success: Success): void {
  const { scenario } = run;
  if (success.call === "create" || success.call === "update") recordOwners(scenario, name, success);
  if (run.mayHaveLateWrites() || scenario.hasLateWrites()) {
    scenario.stats.count("exceptions", "success not compared: late writes");
    return;
  }
  scenario.stats.successesChecked++;
  switch (success.call) {
    case "create":
    case "update":
      checkWrite(scenario, name, success);
      return;
    case "delete":
      for (const row of listSavedConnections(success.saved))
        checkDeleted(scenario, `delete ${name}`, row, success.saved);
      return;
    case "read":
      checkRead(scenario, name, success);
  }
}

function checkWrite(
  scenario: Scenario,
  name: string,
  success: Success & { call: "create" | "update" },
): void {
  const { call, declared, saved, reasons } = success;
  const before = success.call === "update" ? success.before : undefined;
  const what = `${call} ${name} ${reasons.length > 0 ? "succeeded in part" : "succeeded"}`;
  const previous = indexBySink(scenario, before);
  const current = indexBySink(scenario, saved);
  for (const row of listDeclaredConnections(declared)) {
    const [was, is] = [previous.get(row.sink), current.get(row.sink)];
    if (!is) {
      if (reasons.length === 0) scenario.fail(`${what}, but ${row.pair} is not in the state`);
      continue;
    }
    const isSame = was?.id === is.id && formatTypes(was.types) === formatTypes(is.types);
    // No request was sent, or the change failed: the state has no new data about it.
    if (isSame && (isAsDeclared(row, is) || reasons.length > 0))
      checkUnreportedChange(scenario, what, row, is, reasons);
    else checkLive(scenario, what, row, is);
    if (reasons.length === 0 && !isAsDeclared(row, is))
      scenario.fail(`${what}, but ${row.pair} has the types ${formatTypes(is.types)} in the state`);
  }
  checkStateKeys(scenario, what, saved);
  if (!before || !isSet(declared)) return;
  for (const [sink, row] of previous)
    if (current.get(sink)?.id !== row.id) checkDeleted(scenario, what, row, before, saved);
  if (reasons.length > 0) return;
  for (const [sink] of current)
    if (!declared.members.has(sink as never)) scenario.fail(`${what}, but its state contains ${sink}`);
  checkUndeclared(scenario, what, saved);
}

/** The state of a set has the types of its members and of its undeclared connections, and no others. */
function checkStateKeys(scenario: Scenario, what: string, saved: SavedResource): void {
  if (!isSetState(saved.outputs)) return;
  const { connections, members, undeclared } = saved.outputs;
  const expected = [...new Set([...Object.keys(members), ...Object.keys(undeclared ?? {})])].sort();
  if (JSON.stringify(Object.keys(connections).sort()) !== JSON.stringify(expected))
    scenario.fail(`${what}, but its state has types of a connection that is neither a member nor undeclared`);
}

const isAsDeclared = ({ types }: DeclaredConnection, is: SavedConnection) =>
  types === undefined || formatTypes(types) === formatTypes(is.types);

/** A change that certainly failed must have no effect. */
function checkUnreportedChange(
  scenario: Scenario,
  what: string,
  row: DeclaredConnection,
  is: SavedConnection,
  reasons: readonly string[],
): void {
  if (isAsDeclared(row, is)) return;
  const live = scenario.findLiveById(is.id);
  const isDone = live && row.types && formatTypes(live.connectionTypes) === formatTypes(row.types);
  if (isDone && reasons.every((reason) => NO_CHANGE_CODES.includes(parseCode(reason) ?? "")))
    scenario.fail(`${what}, but ${row.pair} was changed and the state does not show it`);
}

/** Codes of failures that leave everything unchanged. */
const NO_CHANGE_CODES = [
  "pair-exists",
  "rate-limited",
  "outcome-unknown",
  "engine-gone",
  "wrong-organization",
];

function checkLive(
  scenario: Scenario,
  what: string,
  { pair }: DeclaredConnection,
  { id, types }: SavedConnection,
): void {
  const live = scenario.findLiveById(id);
  if (!live || scenario.formatPair(live) !== pair)
    return scenario.fail(`${what}, but ${pair} is not live as ${id}`);
  if (formatTypes(live.connectionTypes) !== formatTypes(types))
    scenario.fail(`${what}, but the live types of ${pair} are ${formatTypes(live.connectionTypes)}`);
}

/** The connection remains if another resource manages it, or the same resource after its replacement. */
function checkDeleted(
  scenario: Scenario,
  what: string,
  { id }: SavedConnection,
  before: SavedResource,
  current?: SavedResource,
): void {
  const others = [...scenario.state.resources.values()].filter((saved) => saved !== before);
  const isSaved = [...others, ...(current ? [current] : [])].some((saved) =>
    listSavedConnections(saved).some((row) => row.id === id),
  );
  if (scenario.findLiveById(id) && !isSaved && !isBeingAdopted(scenario, id))
    scenario.fail(`${what}, but ${id} is live`);
}

/** Another resource is creating or adopting it. If that fails, the orphan check finds it. */
function isBeingAdopted(scenario: Scenario, id: string): boolean {
  const pair = scenario.formatPair(scenario.findLiveById(id) ?? { sourceOrgId: "", sinkOrgId: "" });
  return [...scenario.creating.values()].some((pairs) => pairs.includes(pair));
}

function checkRead(scenario: Scenario, name: string, { saved, refreshed }: Success & { call: "read" }): void {
  const current = new Map((refreshed ? listSavedConnections(refreshed) : []).map((row) => [row.id, row]));
  for (const { id } of listSavedConnections(saved)) {
    const live = scenario.findLiveById(id);
    const row = current.get(id);
    if (!row && live) scenario.fail(`read ${name} reported ${id} as gone, but it is live`);
    if (row && (!live || formatTypes(live.connectionTypes) !== formatTypes(row.types)))
      scenario.fail(`read ${name} returned types of ${id} that differ from the live ones`);
  }
  if (refreshed) checkUndeclared(scenario, `read ${name} succeeded`, refreshed);
}

/**
 * An exclusive set lists every connection from its organization to a destination that is not a member, and no
 * other. A connection that another resource in the state manages, or that is pending deletion, may be listed
 * or not: this depends on which resource is read first.
 */
function checkUndeclared(scenario: Scenario, what: string, saved: SavedResource): void {
  if (!isSetState(saved.outputs)) return;
  const { sourceOrgId, exclusive } = saved.outputs;
  const members = new Set(listSavedConnections(saved).map(({ sinkOrgId }) => sinkOrgId));
  const rows = scenario
    .listLive()
    .filter((row) => row.sourceOrgId === sourceOrgId && !members.has(row.sinkOrgId));
  const undeclared = Object.values(getUndeclared(saved)).sort();
  const savedElsewhere = scenario.getSavedIds();
  const expected = exclusive === true ? rows.map(({ id }) => id).sort() : [];
  const isExpected = (id: string) => undeclared.includes(id) || !savedElsewhere.has(id);
  if (JSON.stringify(undeclared) !== JSON.stringify(expected.filter(isExpected)))
    scenario.fail(`${what}, but it lists ${undeclared.join()} as undeclared instead of ${expected.join()}`);
}

/**
 * Records which connections the state manages. Other users' connections only if the program or the run adopts
 * them.
 */
function recordOwners(
  scenario: Scenario,
  name: string,
  { saved, isAdopting }: { saved: SavedResource; isAdopting: boolean },
): void {
  for (const { id } of listSavedConnections(saved)) {
    if (scenario.others.has(id)) {
      if (!isAdopting) scenario.fail(`${name} adopted ${id}, which another user created, without \`adopt\``);
      scenario.others.delete(id);
      scenario.stats.count("exceptions", "adopted on purpose from others");
    }
    scenario.ours.add(id);
  }
}

function indexBySink(scenario: Scenario, saved: SavedResource | undefined): Map<string, SavedConnection> {
  return new Map(
    (saved ? listSavedConnections(saved) : []).map((row) => [scenario.getKey(row.sinkOrgId), row]),
  );
}

/** Connections of other users are neither deleted nor changed. */
export function checkOthers(scenario: Scenario): void {
  for (const [id, allowed] of scenario.others) {
    const row = scenario.findLiveById(id);
    if (!row && scenario.mayDelete.has(id)) {
      scenario.others.delete(id);
      scenario.stats.count("exceptions", "deleted on purpose by an exclusive set");
      continue;
    }
    if (!row) return scenario.fail(`the connection ${id} of another user is gone`);
    const types = formatTypes(row.connectionTypes);
    if (!allowed.has(types))
      scenario.fail(`the connection ${id} of another user has changed types: ${types}`);
  }
}

/** Every connection that no other user created is in the state, or an error reported that it may exist. */
export function checkOrphans(scenario: Scenario): void {
  const saved = scenario.getSavedIds();
  for (const row of scenario.listLive()) {
    if (scenario.others.has(row.id)) continue;
    scenario.ours.add(row.id);
    if (saved.has(row.id) || scenario.hasLateWrites()) continue;
    if (explainOrphan(scenario, row.id) === undefined)
      scenario.fail(`no state and no error mentions ${createConnectionFormatter(scenario)(row)}`);
  }
}

/**
 * Why a connection of this program may be live but not in the state. Either its create did not complete (the
 * run was interrupted, or it failed with `outcome-unknown`); or its POST was outstanding then, and took
 * effect only after a later run created and deleted a connection of the same pair; or its POST took effect
 * after the client timed out, checked, and sent another one.
 */
export function explainOrphan(scenario: Scenario, id: string): string | undefined {
  const row = scenario.findLiveById(id);
  if (!row) return undefined;
  const pair = scenario.formatPair(row);
  if (scenario.uncertainCreates.has(pair)) return "its create did not complete";
  const posts = scenario.createRequests.filter((post) => post.pair === pair);
  if (
    posts.some(
      ({ isInterrupted, id: createdId }) => isInterrupted && (createdId === undefined || createdId === id),
    )
  )
    return "its POST was outstanding when its run was interrupted";
  const isLateDuplicate = posts.some(
    (post) => post.outcome === "unknown" && (post.endedAt ?? Infinity) <= Date.parse(row.createdAt),
  );
  return isLateDuplicate ? "its POST took effect after the client timed out" : undefined;
}

/** After a run without errors, every connection in the state is live, if it was live before. */
export function checkCleanRun(scenario: Scenario, liveBefore: ReadonlySet<string>, readsAll: boolean): void {
  if (scenario.hasLateWrites()) return;
  for (const [name, saved] of scenario.state.resources) {
    for (const { id } of listSavedConnections(saved)) {
      const mayBeGone = scenario.deletedByOfficial.has(id);
      if (!scenario.findLiveById(id) && !mayBeGone && (readsAll || liveBefore.has(id)))
        scenario.fail(`the run succeeded, but ${name} (${id}) is not live`);
    }
  }
}

/** After a run without errors, the created connections are live as declared; after a refresh, all are. */
export function checkCreated(
  scenario: Scenario,
  steps: readonly { op: string; name: string }[],
  wasRefreshed: (name: string) => boolean,
): void {
  for (const [name, declared] of scenario.program) {
    const wasCreated = steps.some(
      (step) => step.name === name && (step.op === "create" || step.op === "create-replacement"),
    );
    if (!wasCreated && !wasRefreshed(name)) continue;
    const saved = scenario.state.resources.get(name);
    for (const { sink, pair, types } of listDeclaredConnections(declared)) {
      const live = scenario.findLive(pair);
      const { id: sinkOrgId } = scenario.sandbox.getOrganization(sink);
      const row = saved && listSavedConnections(saved).find((one) => one.sinkOrgId === sinkOrgId);
      if (!live && scenario.deletedByOfficial.has(row?.id ?? "")) continue;
      if (!live) return scenario.fail(`the run succeeded, but ${pair} is not live`);
      if (row?.id !== live.id) scenario.fail(`the state of ${name} has a different id of ${pair}`);
      if (types && formatTypes(live.connectionTypes) !== formatTypes(types))
        scenario.fail(`the run succeeded, but ${pair} has different types`);
      scenario.stats.successesChecked++;
    }
  }
}
