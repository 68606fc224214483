import { describe, expect, it } from "vitest";
import { seedWith } from "../../sandbox/src/index.js";
import { until } from "./processes.js";
import { expectSettled, writesOf } from "./settled.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine({ seed: seedWith({ sources: 5 }) });

const declare = (sink: string, types = "logs", name = "hub") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["${types}"] });`;
const hub = (types?: string) => declare("observability", types);

describe("two stacks that declare the same pair", () => {
  it("one after the other: the second hears why at preview, and changes nothing", async () => {
    const first = engine.stack(hub(), { project: "first" });
    await first.mustUp();
    const live = engine.only();
    const second = engine.stack(hub("audit"), { project: "second" });
    const preview = await second.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toContain(`connection ${live.id} (logs)`);
    expect((await second.up()).code).not.toBe(0);
    expect(engine.only()).toEqual(live);
    expect(await second.state()).toEqual([]);
    await expectSettled(engine, first);
  });

  it("at the same time: one makes the connection, the other hears why", async () => {
    const stacks = [
      engine.stack(hub(), { project: "first" }),
      engine.stack(hub(), { project: "second" }),
    ] as const;
    // Both have looked, and seen nothing, when the first create arrives.
    const on = { route: "createConnection" } as const;
    engine.sandbox.fail({ on, times: 2, moment: "before", what: { kind: "delay", ms: 4000 } });
    const runs = await Promise.all(stacks.map((stack) => begin(stack)));
    await until("both creates are under way", () => posts().length === 2);
    const ended = await Promise.all(runs.map(({ done }) => done));
    expect(ended.map(({ code }) => code === 0).sort()).toEqual([false, true]);
    const loser = ended.findIndex(({ code }) => code !== 0);
    expect(ended[loser]?.errors.join()).toContain(`connection ${engine.only().id} (logs)`);
    const [first, second] = stacks;
    await expectSettled(engine, loser === 0 ? second : first);
    expect(await (loser === 0 ? first : second).state()).toEqual([]);
  });

  it("destroy of the one that heard why leaves the connection of the other", async () => {
    const first = engine.stack(hub(), { project: "first" });
    await first.mustUp();
    const live = engine.only();
    const second = engine.stack(hub(), { project: "second" });
    await second.up();
    const destroy = await second.destroy();
    expect([destroy.code, writesOf(destroy)]).toEqual([0, []]);
    expect(engine.only()).toEqual(live);
    await expectSettled(engine, first);
  });

  it("after destroy of the first, the second makes its own", async () => {
    const first = engine.stack(hub(), { project: "first" });
    await first.mustUp();
    const second = engine.stack(hub("audit"), { project: "second" });
    expect((await second.up()).code).not.toBe(0);
    expect((await first.destroy()).code).toBe(0);
    await second.mustUp();
    expect(engine.live()).toEqual(["payments → observability: audit"]);
    await expectSettled(engine, second);
  });

  it("the second took it over and the first destroys: the second's refresh sees it gone, its up makes it again", async () => {
    const first = engine.stack(hub(), { project: "first" });
    await first.mustUp();
    const second = engine.stack(hub(), { project: "second" });
    second.env = { ...second.env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
    await second.mustUp();
    expect((await first.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
    const up = await second.mustUp("--refresh");
    expect(up.output).toContain("is gone; the next `pulumi up` creates it again");
    await expectSettled(engine, second);
  });
});

describe("two ups of one stack at the same time", () => {
  it("the second hears of the lock and writes nothing, the first ends well", async () => {
    const stack = engine.stack(hub());
    const on = { route: "createConnection" } as const;
    engine.sandbox.fail({ on, moment: "before", what: { kind: "delay", ms: 5000 } });
    const first = await begin(stack);
    await until("the first's create is under way", () => posts().length === 1);
    const second = await stack.up();
    expect(second.code).not.toBe(0);
    expect(second.output).toMatch(/the stack is currently locked by 1 lock/);
    expect(writesOf(second)).toEqual([]);
    expect((await first.done).code).toBe(0);
    expect(posts()).toHaveLength(1);
    await expectSettled(engine, stack);
  });

  it("started in the same moment: whatever the engine does with them, one up afterwards settles everything", async () => {
    const sinks = ["source-1", "source-2", "source-3", "source-4", "source-5"];
    const stack = engine.stack(sinks.map((sink) => declare(sink, "logs", sink)).join("\n"));
    const runs = [await begin(stack), await begin(stack)];
    const ended = await Promise.all(runs.map(({ done }) => done));
    const refused = ended.filter(({ code }) => code !== 0);
    for (const { output } of refused) expect(output).toMatch(/locked|already shares/);
    if (refused.length === 2) await stack.mustUp();
    await expectSettled(engine, stack);
    expect(engine.live()).toHaveLength(5);
  });
});

const posts = () => engine.sandbox.requests.filter(({ route }) => route === "createConnection");
const begin = (stack: Stack) => stack.begin("up", "--yes", "--skip-preview");
