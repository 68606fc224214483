/** Cells of the fault table on the real engine: an operation of the catalog with one fault, on a stack of its own. */
import { routes, type RouteName } from "../../core/src/api/routes.js";
import { startSandbox, type Sandbox } from "../../sandbox/src/index.js";
import { createRealEngine } from "../histories/real-engine.js";
import type { OperationRunner } from "../histories/scenario.js";
import { selectEngineCells } from "../random.js";
import { catalog } from "./catalog.js";
import type { CatalogOperation } from "./catalog-operation.js";
import type { FaultKind } from "./kinds.js";
import { listRoutes, playCell, type PlacedFault } from "./play-cell.js";

export interface EngineCell {
  operation: CatalogOperation;
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

const formatCellName = ({ operation, fault: { request, route, kind } }: EngineCell): string =>
  `${operation.name} / ${route} ${request + 1} / ${kind.name}`;

/**
 * Selects the cells to play: those whose name contains `only`, or else one of each operation and of each kind of fault, which the seed
 * selects, or all in `.ci/nightly`.
 */
export const selectCells = (cells: readonly EngineCell[], only: string): EngineCell[] =>
  only === ""
    ? selectEngineCells(
        cells,
        ({ operation }) => operation,
        ({ fault }) => fault.kind.name,
      )
    : cells.filter((cell) => formatCellName(cell).includes(only));

/** The routes of the requests of each operation on the real engine, in order. */
export async function listAllRequests(): Promise<Map<CatalogOperation, RouteName[]>> {
  const listed = new Map<CatalogOperation, RouteName[]>();
  for (const operation of catalog.filter(({ inProcessOnly }) => inProcessOnly !== true))
    listed.set(
      operation,
      await playOnStack(false, (sandbox, operate) => listRoutes(sandbox, operation, operate)),
    );
  return listed;
}

/**
 * Plays the cells.
 *
 * @param kills - whether the fault delays the request until the engine was killed
 * @returns the divergences, and the cells whose fault affected no request
 */
export async function playCells(cells: readonly EngineCell[], kills: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (const cell of cells) {
    const { operation, fault } = cell;
    const play = (sandbox: Sandbox, run: OperationRunner) => playCell(sandbox, operation, [fault], { run });
    const problem = await playOnStack(kills, play).then(
      (met) => (met === 0 ? "affected no request" : undefined),
      (error: unknown) => String(error),
    );
    if (problem !== undefined) problems.push(`${formatCellName(cell)}: ${problem}`);
  }
  // Vitest does not print the errors of a first attempt if a retry passes.
  for (const problem of problems) console.error(problem);
  return problems;
}

async function playOnStack<Result>(
  kills: boolean,
  play: (sandbox: Sandbox, operate: OperationRunner) => Promise<Result>,
): Promise<Result> {
  const sandbox = await startSandbox();
  const limits = { requestTimeoutSeconds: kills ? "300" : "2" };
  const { operate, dispose } = createRealEngine(sandbox, { limits, kills });
  try {
    return await play(sandbox, operate);
  } finally {
    dispose();
    await sandbox.close();
  }
}
