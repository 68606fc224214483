/**
 * One fault of each kind in each operation of the catalog, on the real engine: which of the operation's requests it meets
 * goes round. FAULTS_ONLY plays the cells whose name has that text.
 */
import { expect, it } from "vitest";
import type { CatalogOperation } from "./catalog.js";
import { kinds, reasonToSkip, type FaultKind } from "./kinds.js";
import { countAll, nameOf, playTogether, type EngineCell } from "./play-together.js";

const HOUR_MS = 3_600_000;
const only = process.env["FAULTS_ONLY"] ?? "";

/** The engine's processes are given longer for a request than the clients of the other tests. */
function slowed(kind: FaultKind): FaultKind {
  return kind.what.kind === "delay" ? { ...kind, what: { ...kind.what, ms: 6_000 } } : kind;
}

/** For each kind that the operation can meet, one of its requests. */
function cellsOf(operation: CatalogOperation, methods: readonly string[], at: number): EngineCell[] {
  // Another suite kills the engine.
  const own = kinds.filter(({ killsEngine }) => killsEngine !== true);
  return own.flatMap((kind, index) => {
    const possible = [...methods.keys()].filter(
      (request) => reasonToSkip(kind, methods[request] ?? "") === undefined,
    );
    const writes = possible.filter((request) => methods[request] !== "GET");
    // A check that fails ends the engine's run for every scene that shares it.
    const requests = kind.mayFail === true && writes.length > 0 ? writes : possible;
    const request = requests[(at + index) % requests.length];
    return request === undefined
      ? []
      : [{ operation, fault: { request, kind: slowed(kind) }, method: methods[request] ?? "" }];
  });
}

it("one fault of each kind in each operation", { timeout: HOUR_MS }, async () => {
  const counted = [...(await countAll())];
  const cells = counted.flatMap(([operation, methods], at) => cellsOf(operation, methods, at));
  expect(cells.length).toBeGreaterThan(counted.length * (kinds.length / 2));
  const problems = await playTogether(
    cells.filter((cell) => nameOf(cell).includes(only)),
    false,
  );
  expect(problems.join("\n\n")).toBe("");
});
