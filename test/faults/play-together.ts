/** Cells on the real engine, many at once: as one stack can only run one command at a time, those of one command share it. */
import { seedWith, startSandbox } from "../../sandbox/src/index.js";
import { SharedStack } from "../histories/shared-stack.js";
import type { Operate } from "../histories/scene.js";
import { Batch, type Kills } from "./batch.js";
import { catalog, type CatalogOperation } from "./catalog.js";
import { countRequests, playCell, type PlacedFault } from "./play-cell.js";
import { OWN_ORGANIZATIONS, viewOf, type SandboxView } from "./sandbox-view.js";

/** One cell: an operation, the fault in it, and the method of the request that it meets. */
export interface EngineCell {
  operation: CatalogOperation;
  fault: PlacedFault;
  method: string;
}

/** How many scenes share a stack: more take the engine longer than they save. */
const MOST_SCENES = 60;

/** How many requests each operation makes on the real engine, by their methods. */
export async function countAll(): Promise<Map<CatalogOperation, string[]>> {
  const counted = await playInStacks(playable, stackOf, "never", (operation, view, operate) =>
    countRequests(view, operation, operate),
  );
  return new Map(counted.map(({ item, result }) => [item, valueOf(result)]));
}

/** What is refused even without a fault ends the engine's run for every scene: it is played in process only. */
const playable = catalog.filter(({ endsWith }) => endsWith === undefined);

/** What operations that can share a stack have in common. */
const stackOf = ({ run, deletesFirst }: CatalogOperation): string =>
  JSON.stringify([run.command, deletesFirst]);

/**
 * Plays all cells. Reads, creates and updates, and deletions have stacks of their own: what has failed or was killed in
 * one of them is in the way of those that come later in a run. A cell whose fault was kept from its request by others is
 * played again without them.
 *
 * @param kills whether the fault holds the request until the engine has been killed
 * @returns what diverged, and the cells whose request was never made
 */
export async function playTogether(cells: readonly EngineCell[], kills: boolean): Promise<string[]> {
  const problems = await findProblems(cells, kills);
  // A test that passes when it is tried again keeps its first errors to itself.
  for (const problem of problems) console.error(problem);
  return problems;
}

async function findProblems(cells: readonly EngineCell[], kills: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (let open = cells; open.length > 0;) {
    const unmet: EngineCell[] = [];
    for (const reads of [true, false]) {
      const how = !kills ? "never" : reads ? "repeatedly" : "once";
      const some = open.filter(({ method }) => (method === "GET") === reads);
      for (const { item, result } of await playInStacks(some, stackOfCell, how, playOne)) {
        if (result.status === "rejected") problems.push(`${nameOf(item)}: ${String(result.reason)}`);
        else if (result.value === 0) unmet.push(item);
      }
    }
    if (unmet.length === open.length)
      return [...problems, ...unmet.map((cell) => `${nameOf(cell)}: met no request`)];
    open = unmet;
  }
  return problems;
}

const playOne = ({ operation, fault }: EngineCell, view: SandboxView, operate: Operate): Promise<number> =>
  playCell(view, operation, [fault], { how: operate });

const stackOfCell = ({ operation, method }: EngineCell): string =>
  stackOf(operation) + (method === "DELETE" ? "deletion" : "");

/** The name of a cell, in the form of `npm run faults`. */
export const nameOf = ({ operation, fault: { request, kind }, method }: EngineCell): string =>
  `${operation.name} / request ${request + 1} (${method}) / ${kind.name}`;

async function playInStacks<Item, Result>(
  items: readonly Item[],
  stackOfItem: (item: Item) => string,
  kills: Kills,
  play: (item: Item, view: SandboxView, operate: Operate) => Promise<Result>,
): Promise<{ item: Item; result: PromiseSettledResult<Result> }[]> {
  const results = [];
  for (const stack of new Set(items.map(stackOfItem))) {
    const group = items.filter((item) => stackOfItem(item) === stack);
    for (let at = 0; at < group.length; at += MOST_SCENES) {
      const some = group.slice(at, at + MOST_SCENES);
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
  kills: Kills,
  playOne: (item: Item, view: SandboxView, operate: Operate) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const sandbox = await startSandbox({ seed: seedWith({ sources: OWN_ORGANIZATIONS * items.length }) });
  const byTag = new Map(items.map((item, at) => [`-${at + 1}`, { item, view: viewOf(sandbox, at) }]));
  const views = new Map([...byTag].map(([tag, { view }]) => [tag, view]));
  const shared = new SharedStack(sandbox, views, { requestTimeoutSeconds: kills === "never" ? "5" : "300" });
  try {
    return await new Batch(shared, views, kills).play((tag, view, operate) =>
      playOne((byTag.get(tag) as { item: Item }).item, view, operate),
    );
  } finally {
    shared.dispose();
    await sandbox.close();
  }
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
