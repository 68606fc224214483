/** The real engine is killed at each request of each operation of the catalog. */
import { expect, it } from "vitest";
import { startSandbox } from "../../provider/src/sandbox/index.js";
import { onRealEngine } from "../histories/real-engine.js";
import { catalog, type CatalogOperation } from "./catalog.js";
import { countRequests, playCell } from "./play-cell.js";

/** Plays in a sandbox and a stack of its own. */
async function alone<T>(
  play: (
    sandbox: Awaited<ReturnType<typeof startSandbox>>,
    how: ReturnType<typeof onRealEngine>["operate"],
  ) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandbox();
  const engine = onRealEngine(sandbox);
  try {
    return await play(sandbox, engine.operate);
  } finally {
    engine.dispose();
    await sandbox.close();
  }
}

const cases = catalog.map((operation): [string, CatalogOperation] => [operation.name, operation]);

it.each(cases)("%s", { timeout: 600_000 }, async (_, operation) => {
  const methods = await alone((sandbox, how) => countRequests(sandbox, operation, how));
  expect(methods.length).toBeGreaterThan(0);
  for (const request of methods.keys()) {
    const interruption = { call: 0, midway: true, afterMs: 0, request };
    await alone((sandbox, how) => playCell(sandbox, operation, [], { how, interruption })).catch(
      (error: unknown) => {
        throw new Error(`killed at request ${request + 1} (${methods[request] ?? ""})`, { cause: error });
      },
    );
  }
});
