/**
 * Plays many cells concurrently on the real engine. A stack can run only one command at a time, so the cells
 * with the same command share a run.
 */
import { routes, type RouteName } from "../../core/src/api/routes.js";
import { createSeed, startSandbox } from "../../sandbox/src/index.js";
import { SharedStack } from "../histories/shared-stack.js";
import type { OperationRunner } from "../histories/scenario.js";
import { Batch, type KillMode } from "./batch.js";
import { catalog } from "./catalog.js";
import type { CatalogOperation } from "./catalog-operation.js";
import type { FaultKind } from "./kinds.js";
import { listRoutes, playCell, type PlacedFault } from "./play-cell.js";
import { OWN_ORGANIZATIONS, createView, type SandboxView } from "./sandbox-view.js";

/** One cell: an operation and its fault. */
export interface EngineCell {
  operation: CatalogOperation;
  /** Its route makes the fault of a write independent of the count of reads, which depends on the other scenarios. */
  fault: PlacedFault & { route: RouteName };
}

/** Creates the cell with a fault at one of the requests of {@link listAllRequests}. */
export function createCell(
  operation: CatalogOperation,
  requests: readonly RouteName[],
  at: number,
  kind: FaultKind,
): EngineCell {
  const route = requests[at] as RouteName;
  const request = requests.slice(0, at).filter((other) => other === route).length;
  return { operation, fault: { request, route, kind } };
}

export const getMethod = (route: RouteName): string => routes[route].method;

/** The maximum count of scenarios per stack. With more, the engine becomes slower than separate stacks. */
const MAX_SCENARIOS = 60;

/** The routes of the requests of each operation on the real engine, in order. */
export async function listAllRequests(): Promise<Map<CatalogOperation, RouteName[]>> {
  const listed = await playInStacks(playableOperations, getStackKey, "never", (operation, view, operate) =>
    listRoutes(view, operation, operate),
  );
  return new Map(listed.map(({ item, result }) => [item, getValue(result)]));
}

/** An operation that fails without a fault ends the run for every scenario. It is only played in process. */
const playableOperations = catalog.filter(
  ({ expectedError, hasSeveralSources, usesIdentity }) =>
    expectedError === undefined && hasSeveralSources !== true && usesIdentity !== true,
);

/** Operations with the same key can share a stack. */
const getStackKey = ({ run, deletesFirst }: CatalogOperation): string =>
  JSON.stringify([run.command, deletesFirst]);

/**
 * Plays all cells. Reads, creates and updates, and deletions have separate stacks: a failed or killed request
 * blocks the later ones in a run. A cell whose fault affected no request because of other cells is played
 * again without them.
 *
 * @param kills whether the fault delays the request until the engine was killed
 * @returns the divergences, and the cells whose fault affected no request
 */
export async function playCellsTogether(cells: readonly EngineCell[], kills: boolean): Promise<string[]> {
  const problems = await findProblems(cells, kills);
  // Vitest does not print the errors of a first attempt if a retry passes.
  for (const problem of problems) console.error(problem);
  return problems;
}

async function findProblems(cells: readonly EngineCell[], kills: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (let open = cells; open.length > 0;) {
    const unmet: EngineCell[] = [];
    for (const reads of [true, false]) {
      const how = !kills ? "never" : reads ? "repeatedly" : "once";
      const some = open.filter(({ fault }) => (getMethod(fault.route) === "GET") === reads);
      for (const { item, result } of await playInStacks(some, getCellStackKey, how, playOne)) {
        if (result.status === "rejected") problems.push(`${formatCellName(item)}: ${String(result.reason)}`);
        else if (result.value === 0) unmet.push(item);
      }
    }
    const must = unmet.filter(mustBeSent);
    if (unmet.length < open.length) open = unmet;
    // The other cells may start their changes first, and then the checks of these cells send no requests.
    else if (must.length < open.length) open = must;
    else return [...problems, ...must.map((cell) => `${formatCellName(cell)}: affected no request`)];
  }
  return problems;
}

/**
 * Whether the operation sends the request in every run. A later read may be missing: once a resource of any scenario has changed,
 * checks send no requests, and adoptions only list again if a resource has `deleteBeforeReplace`.
 */
const mustBeSent = ({ fault: { request, route } }: EngineCell): boolean =>
  getMethod(route) !== "GET" || (route === "listConnections" && request === 0);

const playOne = (
  { operation, fault }: EngineCell,
  view: SandboxView,
  operate: OperationRunner,
): Promise<number> => playCell(view, operation, [fault], { run: operate });

const getCellStackKey = ({ operation, fault: { route } }: EngineCell): string =>
  getStackKey(operation) + (getMethod(route) === "DELETE" ? "deletion" : "");

export const formatCellName = ({ operation, fault: { request, route, kind } }: EngineCell): string =>
  `${operation.name} / ${route} ${request + 1} / ${kind.name}`;

async function playInStacks<Item, Result>(
  items: readonly Item[],
  stackOfItem: (item: Item) => string,
  kills: KillMode,
  play: (item: Item, view: SandboxView, operate: OperationRunner) => Promise<Result>,
): Promise<{ item: Item; result: PromiseSettledResult<Result> }[]> {
  const results = [];
  for (const stack of new Set(items.map(stackOfItem))) {
    const group = items.filter((item) => stackOfItem(item) === stack);
    for (let at = 0; at < group.length; at += MAX_SCENARIOS) {
      const some = group.slice(at, at + MAX_SCENARIOS);
      const played = await playBatch(some, kills, play);
      results.push(
        ...some.map((item, index) => ({ item, result: played[index] as (typeof played)[number] })),
      );
    }
  }
  return results;
}

async function playBatch<Item, Result>(
  items: readonly Item[],
  kills: KillMode,
  playOne: (item: Item, view: SandboxView, operate: OperationRunner) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const sandbox = await startSandbox({ seed: createSeed({ sources: OWN_ORGANIZATIONS * items.length }) });
  const byTag = new Map(items.map((item, at) => [`-${at + 1}`, { item, view: createView(sandbox, at) }]));
  const views = new Map([...byTag].map(([tag, { view }]) => [tag, view]));
  const isKilled = kills !== "never";
  const limits = { requestTimeoutSeconds: isKilled ? "300" : "5" };
  const shared = new SharedStack(sandbox, views, limits, isKilled);
  try {
    return await new Batch(shared, views, kills).play((tag, view, operate) =>
      playOne((byTag.get(tag) as { item: Item }).item, view, operate),
    );
  } finally {
    shared.dispose();
    await sandbox.close();
  }
}

function getValue<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
