/**
 * The real engine is killed at each request of each operation of the catalog, which is then done or not. KILL_ONLY plays
 * the cells whose name has that text.
 */
import { expect, it } from "vitest";
import type { FaultKind } from "./kinds.js";
import { countAll, nameOf, playTogether, type EngineCell } from "./play-together.js";

const HOUR_MS = 3_600_000;
const only = process.env["KILL_ONLY"] ?? "";

/** What holds a request until the engine has been killed. */
const done: FaultKind = { name: "done", moment: "before", what: { kind: "delay", ms: HOUR_MS } };
const notDone: FaultKind = { name: "not done", moment: "before", what: { kind: "hang" } };

it("a kill at each request", { timeout: HOUR_MS }, async () => {
  const cells = [...(await countAll())].flatMap(([operation, methods]) =>
    methods.flatMap((method, request): EngineCell[] =>
      (method === "GET" ? [done] : [done, notDone]).map((kind) => ({
        operation,
        fault: { request, kind },
        method,
      })),
    ),
  );
  expect(cells.length).toBeGreaterThan(100);
  const problems = await playTogether(
    cells.filter((cell) => nameOf(cell).includes(only)),
    true,
  );
  expect(problems.join("\n\n")).toBe("");
});
