/**
 * One fault of each kind in each operation of the catalog, on the real engine. The affected request rotates.
 * FAULTS_ONLY selects the cells whose name contains it.
 */
import { expect, it } from "vitest";
import type { CatalogOperation } from "./catalog.js";
import { kinds, getSkipReason, type FaultKind } from "./kinds.js";
import { countAllRequests, formatCellName, playCellsTogether, type EngineCell } from "./play-together.js";

const HOUR_MS = 3_600_000;
const only = process.env["FAULTS_ONLY"] ?? "";

/** The real provider process has a longer request timeout than the clients of the other tests. */
function slowDown(kind: FaultKind): FaultKind {
  return kind.what.kind === "delay" ? { ...kind, what: { ...kind.what, ms: 6_000 } } : kind;
}

/** Creates one cell for each kind of fault that applies to the operation. */
function createCells(operation: CatalogOperation, methods: readonly string[], at: number): EngineCell[] {
  // Another suite covers killing the engine.
  const own = kinds.filter(({ killsEngine }) => killsEngine !== true);
  return own.flatMap((kind, index) => {
    const possible = [...methods.keys()].filter(
      (request) => getSkipReason(kind, methods[request] ?? "") === undefined,
    );
    const writes = possible.filter((request) => methods[request] !== "GET");
    // A failed check ends the run for every scenario that shares it.
    const requests = kind.mayFail === true && writes.length > 0 ? writes : possible;
    const request = requests[(at + index) % requests.length];
    return request === undefined
      ? []
      : [{ operation, fault: { request, kind: slowDown(kind) }, method: methods[request] ?? "" }];
  });
}

it("one fault of each kind in each operation", { timeout: HOUR_MS }, async () => {
  const counted = [...(await countAllRequests())];
  const cells = counted.flatMap(([operation, methods], at) => createCells(operation, methods, at));
  expect(cells.length).toBeGreaterThan(counted.length * (kinds.length / 2));
  const problems = await playCellsTogether(
    cells.filter((cell) => formatCellName(cell).includes(only)),
    false,
  );
  expect(problems.join("\n\n")).toBe("");
});
