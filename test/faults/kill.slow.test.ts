/**
 * Kills the real engine at each request of each operation of the catalog. The request then takes effect or not. CI plays a part of the
 * cells (`selectCells`), KILL_ONLY selects those whose name contains it.
 */
import { expect, it } from "vitest";
import type { FaultKind } from "./kinds.js";
import { createCell, getMethod, listAllRequests, playCells, selectCells } from "./engine-cells.js";

const HOUR_MS = 3_600_000;
const only = process.env["KILL_ONLY"] ?? "";

/** Faults that delay a request until the engine was killed. */
const done: FaultKind = { name: "done", moment: "before", what: { kind: "delay", ms: HOUR_MS } };
const notDone: FaultKind = { name: "not done", moment: "before", what: { kind: "hang" } };

it("a kill at each request", { timeout: HOUR_MS }, async () => {
  const cells = [...(await listAllRequests())].flatMap(([operation, requests]) =>
    requests.flatMap((route, at) =>
      (getMethod(route) === "GET" ? [done] : [done, notDone]).map((kind) =>
        createCell(operation, requests, at, kind),
      ),
    ),
  );
  expect(cells.length).toBeGreaterThan(100);
  const problems = await playCells(selectCells(cells, only), true);
  expect(problems.join("\n\n")).toBe("");
});
