import { describe, expect, it } from "vitest";
import { createSeed } from "../../sandbox/src/index.js";
import { waitUntil } from "./processes.js";
import { expectSettled, listWrites } from "./expect-settled.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine({ seed: createSeed({ sources: 5 }) });

const declare = (sink: string, types = "logs", name = "hub") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: ["${types}"] });`;
const declareHub = (types?: string) => declare("observability", types);

describe("two stacks that declare the same pair", () => {
  it("concurrently: one creates the connection, the other fails with the reason", async () => {
    const stacks = [
      engine.createStack(declareHub(), { project: "first" }),
      engine.createStack(declareHub(), { project: "second" }),
    ] as const;
    // Both have listed no connection when the first create arrives.
    const on = { route: "createConnection" } as const;
    engine.sandbox.fail({ on, times: 2, moment: "before", what: { kind: "delay", ms: 4000 } });
    const runs = await Promise.all(stacks.map((stack) => startUp(stack)));
    await waitUntil("both creates are outstanding", () => listCreates().length === 2);
    const results = await Promise.all(runs.map(({ done }) => done));
    expect(results.map(({ code }) => code === 0).sort()).toEqual([false, true]);
    const loser = results.findIndex(({ code }) => code !== 0);
    expect(results[loser]?.errors.join()).toContain(`connection ${engine.getOnlyConnection().id} (logs)`);
    const [first, second] = stacks;
    const [winning, losing] = loser === 0 ? [second, first] : [first, second];
    expect(await losing.loadState()).toEqual([]);
    expect(listWrites(await losing.destroy())).toEqual([]);
    await expectSettled(engine, winning);
  });
});

describe("two concurrent ups of one stack", () => {
  it("the second fails because of the lock and writes nothing, the first succeeds", async () => {
    const stack = engine.createStack(declareHub());
    const on = { route: "createConnection" } as const;
    engine.sandbox.fail({ on, moment: "before", what: { kind: "delay", ms: 5000 } });
    const first = await startUp(stack);
    await waitUntil("the create of the first is outstanding", () => listCreates().length === 1);
    const second = await stack.up();
    expect(second.code).not.toBe(0);
    expect(second.output).toMatch(/the stack is currently locked by 1 lock/);
    expect(listWrites(second)).toEqual([]);
    expect((await first.done).code).toBe(0);
    expect(listCreates()).toHaveLength(1);
    await expectSettled(engine, stack);
  });

  it("started at the same moment: one more up has no changes left, whatever the engine did with the two", async () => {
    const sinks = ["source-1", "source-2", "source-3", "source-4", "source-5"];
    const stack = engine.createStack(sinks.map((sink) => declare(sink, "logs", sink)).join("\n"));
    const runs = [await startUp(stack), await startUp(stack)];
    const results = await Promise.all(runs.map(({ done }) => done));
    const refused = results.filter(({ code }) => code !== 0);
    for (const { output } of refused) expect(output).toMatch(/locked|already shares/);
    if (refused.length === 2) await stack.expectUp();
    await expectSettled(engine, stack);
    expect(engine.listLive()).toHaveLength(5);
  });
});

const listCreates = () => engine.sandbox.requests.filter(({ route }) => route === "createConnection");
const startUp = (stack: Stack) => stack.start("up", "--yes", "--skip-preview");
