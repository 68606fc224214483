/**
 * The real engine is killed at each request of each operation of the catalog, which is then done or not. KILL_ONLY plays
 * the operations whose name has that text.
 */
import { beforeAll, expect, it } from "vitest";
import type { FaultKind } from "./kinds.js";
import { countAll, playTogether, type EngineCell } from "./play-together.js";

const HOUR_MS = 3_600_000;
const only = process.env["KILL_ONLY"] ?? "";

/** What holds a request until the engine has been killed. */
const done: FaultKind = { name: "done", moment: "before", what: { kind: "delay", ms: HOUR_MS } };
const notDone: FaultKind = { name: "not done", moment: "before", what: { kind: "hang" } };

let counted: Awaited<ReturnType<typeof countAll>>;

beforeAll(async () => {
  counted = await countAll();
}, HOUR_MS);

it.each([
  { what: "read", methods: ["GET"], kinds: [done] },
  { what: "create and update", methods: ["POST", "PATCH"], kinds: [done, notDone] },
  { what: "deletion", methods: ["DELETE"], kinds: [done, notDone] },
])("a kill at each $what", { timeout: HOUR_MS }, async ({ methods, kinds }) => {
  let cells: EngineCell[] = [...counted]
    .filter(([{ name }]) => name.includes(only))
    .flatMap(([operation, requests]) =>
      requests.flatMap((method, request) =>
        methods.includes(method) ? kinds.map((kind) => ({ operation, fault: { request, kind } })) : [],
      ),
    );
  const problems: string[] = [];
  while (cells.length > 0) {
    const results = await playTogether(cells, methods.includes("GET") ? "repeatedly" : "once");
    const again: EngineCell[] = [];
    for (const { item, result } of results) {
      const { operation, fault } = item;
      const name = `${operation.name} / killed in request ${fault.request + 1}, ${fault.kind.name}`;
      if (result.status === "rejected") problems.push(`${name}: ${String(result.reason)}`);
      // Others were held in its way: it is played again without them.
      else if (result.value === 0) again.push(item);
    }
    if (again.length === cells.length)
      problems.push(...again.map(({ operation }) => `${operation.name}: a request that was never made`));
    cells = again.length < cells.length ? again : [];
  }
  expect(problems.join("\n\n")).toBe("");
});
