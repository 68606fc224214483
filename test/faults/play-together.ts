/** Cells on the real engine, many at once: as one stack can only run one command at a time, those of one command share it. */
import { seedWith, startSandbox } from "../../provider/src/sandbox/index.js";
import { SharedStack } from "../histories/shared-stack.js";
import type { Operate } from "../histories/scene.js";
import { Batch, type Kills } from "./batch.js";
import { catalog, type CatalogOperation } from "./catalog.js";
import { countRequests, playCell, type PlacedFault } from "./play-cell.js";
import { OWN_ORGANIZATIONS, viewOf, type SandboxView } from "./sandbox-view.js";

/** One cell: an operation, and the fault in it. */
export interface EngineCell {
  operation: CatalogOperation;
  fault: PlacedFault;
}

/** How many scenes share a stack: more take the engine longer than they save. */
const MOST_SCENES = 60;

/** What operations that can share a stack have in common. */
const stackOf = ({ run, deletesFirst }: CatalogOperation): string =>
  JSON.stringify([run.command, deletesFirst]);

/**
 * How many requests each operation of the catalog makes on the real engine. What is refused even without a fault ends the
 * engine's run for every scene: it is played in process only.
 */
export async function countAll(): Promise<Map<CatalogOperation, string[]>> {
  const playable = catalog.filter(({ endsWith }) => endsWith === undefined);
  const counted = await playGrouped(playable, (operation) => operation, "never", countRequestsOf);
  return new Map(counted.map(({ item, result }) => [item, valueOf(result)]));
}

const countRequestsOf = (operation: CatalogOperation, view: SandboxView, operate: Operate) =>
  countRequests(view, operation, operate);

/** What came of each cell: how many faults met a request, or what diverged. */
export const playTogether = (cells: readonly EngineCell[], kills: Kills) =>
  playGrouped(
    cells,
    ({ operation }) => operation,
    kills,
    ({ operation, fault }, view, operate) => playCell(view, operation, [fault], { how: operate }),
  );

async function playGrouped<Item, Result>(
  items: readonly Item[],
  operationOf: (item: Item) => CatalogOperation,
  kills: Kills,
  playOne: (item: Item, view: SandboxView, operate: Operate) => Promise<Result>,
): Promise<{ item: Item; result: PromiseSettledResult<Result> }[]> {
  const stacks = new Set(items.map((item) => stackOf(operationOf(item))));
  const results = [];
  for (const stack of stacks) {
    const group = items.filter((item) => stackOf(operationOf(item)) === stack);
    for (let at = 0; at < group.length; at += MOST_SCENES) {
      const some = group.slice(at, at + MOST_SCENES);
      const played = await playBatch(some, kills, playOne);
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
