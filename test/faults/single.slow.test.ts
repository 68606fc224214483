/**
 * One fault of each kind in each operation of the catalog, on the real engine. The affected request rotates. CI plays a part of the cells
 * (`selectCells`), FAULTS_ONLY selects those whose name contains it. `npm run faults` plays every request on both hosts, without the
 * engine.
 */
import { expect, it } from "vitest";
import type { RouteName } from "../../core/src/api/routes.js";
import type { CatalogOperation } from "./catalog-operation.js";
import { kinds, getSkipReason, type FaultKind } from "./kinds.js";
import { createCell, listAllRequests, playCells, selectCells, type EngineCell } from "./engine-cells.js";

const HOUR_MS = 3_600_000;
const only = process.env["FAULTS_ONLY"] ?? "";

/** The real provider process has a longer request timeout than the clients of the other tests. */
function slowDown(kind: FaultKind): FaultKind {
  return kind.what.kind === "delay" ? { ...kind, what: { ...kind.what, ms: 3_000 } } : kind;
}

/** Another suite covers the kinds that kill the engine. */
const ownKinds = kinds.filter(({ killsEngine }) => killsEngine !== true);

/** Creates one cell for each kind of fault that applies to the operation. */
function createCells(operation: CatalogOperation, requests: readonly RouteName[], at: number): EngineCell[] {
  return ownKinds.flatMap((kind, index) => {
    const possible = [...requests.entries()].filter(([, route]) => getSkipReason(kind, route) === undefined);
    const chosen = possible[(at + index) % possible.length]?.[0];
    return chosen === undefined ? [] : [createCell(operation, requests, chosen, slowDown(kind))];
  });
}

it("one fault of each kind in each operation", { timeout: HOUR_MS }, async () => {
  const counted = [...(await listAllRequests())];
  const cells = counted.flatMap(([operation, requests], at) => createCells(operation, requests, at));
  expect(cells.length).toBeGreaterThan(counted.length * (kinds.length / 2));
  const played = selectCells(cells, only);
  if (only === "") expect(new Set(played.map(({ fault: { kind } }) => kind.name)).size).toBe(ownKinds.length);
  const problems = await playCells(played, false);
  expect(problems.join("\n\n")).toBe("");
});
