/** What the engine does with the calls of each host: their order, the state and the notices. What a call does is tested without an engine. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { expectSettled, listWrites, STACK_TRACE } from "../expect-settled.js";
import { useEngine, type CliRun } from "../stack.js";
import { ADOPT, LOGS } from "./declarations.js";

const engine = useEngine();

/** Lists the steps except for those of the plugin's default provider. */
const listSteps = ({ steps }: CliRun) => steps.filter((step) => !step.endsWith(" default"));
const expectNoChanges = (run: CliRun) =>
  expect([run.code, listSteps(run), run.requests], run.output).toEqual([0, [], []]);

describe.each(["dynamic", "plugin"] as const)("with the %s host, a connection", (host) => {
  const declare = (...args: Parameters<typeof engine.declare>) => [{ ...engine.declare(...args), host }];
  const declareHub = (args = LOGS) => declare("hub", "observability", args);
  const loadConnections = async (stack: ReturnType<typeof engine.createStack>) =>
    (await stack.loadState()).filter(({ type }) => type.endsWith(":OrgConnection"));

  it("is created, saved in the state, unchanged by the next commands, and deleted", async () => {
    const stack = engine.createStack(declareHub({ connectionTypes: ["metrics", "logs"], reason: "SEC-1" }));
    const preview = await stack.preview();
    expect([listSteps(preview), listWrites(preview)]).toEqual([["create hub"], []]);
    expect(listSteps(await stack.expectUp())).toEqual(["create hub"]);
    const [resource] = await loadConnections(stack);
    const live = engine.getOnlyConnection();
    expect(resource?.id).toBe(live.id);
    expect(resource?.outputs).toMatchObject({
      sinkOrgId: engine.getOrgId("observability"),
      sinkOrgName: "Acme Observability",
      sourceOrgId: engine.getOrgId("payments"),
      sourceOrgName: "Acme Payments",
      connectionTypes: ["logs", "metrics"],
      createdAt: live.createdAt,
      createdBy: live.createdBy,
      reason: "SEC-1",
    });
    expectNoChanges(await stack.preview("--expect-no-changes"));
    expectNoChanges(await stack.expectUp());
    const destroy = await stack.destroy();
    expect([destroy.code, listWrites(destroy)]).toEqual([0, ["DELETE"]]);
    expect([engine.listLive(), await stack.loadState()]).toEqual([[], []]);
  });

  it("is updated by one PATCH, and its names remain in the state", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    stack.writeProgram(declareHub({ connectionTypes: ["logs", "audit"], reason: "SEC-2" }));
    const up = await stack.expectUp();
    expect([listSteps(up), listWrites(up)]).toEqual([["update hub"], ["PATCH"]]);
    expect(engine.listLive()).toEqual(["payments → observability: audit, logs"]);
    expect((await loadConnections(stack))[0]?.outputs).toMatchObject({
      sinkOrgName: "Acme Observability",
      sourceOrgName: "Acme Payments",
      reason: "SEC-2",
    });
  });

  it.each([
    { order: ["POST", "DELETE"], options: {} },
    { order: ["DELETE", "POST"], options: { deleteBeforeReplace: true } },
  ])("is replaced for a new destination, with $options by $order", async ({ order, options }) => {
    const stack = engine.createStack(declare("hub", "observability", LOGS, options));
    await stack.expectUp();
    stack.writeProgram(declare("hub", "security", LOGS, options));
    expect(listWrites(await stack.expectUp())).toEqual(order);
    expect(engine.listLive()).toEqual(["payments → security: logs"]);
    expect(await loadConnections(stack)).toHaveLength(1);
  });

  it("is kept if its new destination is refused", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    stack.writeProgram(declare("hub", "globex-shop"));
    const up = await stack.up();
    expect([up.code === 0, up.errors.join()]).toEqual([false, expect.stringContaining("[not-found]")]);
    expect(up.output).not.toMatch(STACK_TRACE);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("that has changed is shown by a refresh, and repaired by the next up", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    engine.sandbox.changeTypes(engine.getOnlyConnection().id, ["logs", "metrics"]);
    expect((await stack.preview("--refresh")).output).toMatch(/- +\[1\]: "metrics"/);
    expect((await stack.refresh()).output).toMatch(/hub.*updated/);
    expect((await loadConnections(stack))[0]?.outputs?.["connectionTypes"]).toEqual(["logs", "metrics"]);
    expect(listSteps(await stack.expectUp())).toEqual(["update hub"]);
    await expectSettled(engine, stack);
  });

  it("that is gone leaves the state by a refresh, with a notice, and is created by the next up", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    const { output } = await stack.refresh();
    expect(output).toContain("to Acme Observability is gone; `pulumi up` creates it again");
    expect(await loadConnections(stack)).toEqual([]);
    expect(listSteps(await stack.expectUp())).toEqual(["create hub"]);
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    await stack.expectUp("--refresh");
    await expectSettled(engine, stack);
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(await stack.loadState()).toEqual([]);
  });

  it("is never gone, changed or deleted with another organization's keys", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    stack.useKeys("search");
    expectNoChanges(await stack.preview("--expect-no-changes"));
    for (const run of [await stack.refresh(), await stack.destroy()]) {
      expect(run.errors.join()).toContain("[wrong-organization]");
      expect([run.code === 0, listWrites(run)]).toEqual([false, []]);
    }
    stack.writeProgram(declareHub({ connectionTypes: ["audit"] }));
    for (const run of [await stack.preview(), await stack.up()]) {
      expect(run.errors.join()).toContain("[wrong-organization]");
      expect([run.code === 0, listWrites(run)]).toEqual([false, []]);
    }
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    expect(await loadConnections(stack)).toHaveLength(1);
    stack.useKeys("payments");
    expect(listWrites(await stack.expectUp())).toEqual(["PATCH"]);
  });

  it("whose pair exists fails the preview and the up, and changes neither connections nor state", async () => {
    const id = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["audit"],
    });
    const stack = engine.createStack(declareHub());
    for (const run of [await stack.preview(), await stack.up()]) {
      expect([run.code === 0, listWrites(run)]).toEqual([false, []]);
      expect(run.errors).toHaveLength(1);
      expect(run.errors[0]).toMatch(new RegExp(`${id}.*\\[pair-exists\\]`, "s"));
      expect(run.output).not.toMatch(STACK_TRACE);
    }
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
    expect(await loadConnections(stack)).toEqual([]);
  });

  it("that exists is adopted as the preview says, for one run too, and then managed", async () => {
    const id = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["audit"],
    });
    const stack = engine.createStack(declareHub());
    const { env } = stack;
    stack.env = { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
    const preview = await stack.preview();
    expect(preview.output).toContain(`will adopt connection ${id} (audit)`);
    expect(listWrites(preview)).toEqual([]);
    expect(listWrites(await stack.expectUp())).toEqual(["PATCH"]);
    stack.env = env;
    expect(engine.getOnlyConnection()).toMatchObject({ id, connectionTypes: ["logs"] });
    await expectSettled(engine, stack);
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });

  it("is not deleted by a forced replacement: refused without `adopt`, adopted again with it", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    const urn = await stack.findUrn("hub");
    expect((await stack.up("--replace", urn)).errors.join()).toContain("[pair-exists]");
    await expectSettled(engine, stack);
    stack.writeProgram(declareHub(ADOPT));
    const up = await stack.expectUp("--replace", urn);
    expect(listWrites(up)).toEqual([]);
    expect(up.output).toContain("was not deleted");
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });
});

it("inputs that the preview does not know pass it, and their values are used and checked by the up", async () => {
  const createProgram = (destination: string) => () => {
    const first = new OrgConnection("first", { sinkOrgId: engine.getOrgId("observability"), ...LOGS });
    const types = first.createdAt.apply(() => ["audit", "logs"]);
    new OrgConnection("second", {
      sinkOrgId: pulumi.interpolate`${first.createdAt.apply(() => destination)}`,
      connectionTypes: types,
    });
    new OrgConnection("third", {
      sinkOrgId: engine.getOrgId("search"),
      connectionTypes: [first.createdAt.apply(() => "logs"), first.createdAt.apply(() => "metrics")],
    });
  };
  const stack = engine.createStack(createProgram("nonsense"));
  const preview = await stack.preview();
  expect([preview.code, preview.errors]).toEqual([0, []]);
  expect(preview.steps.sort()).toEqual(["create first", "create second", "create third"]);
  expect((await stack.up()).errors.join()).toMatch(/sinkOrgId.*is not a UUID: "nonsense"/s);
  stack.writeProgram(createProgram(engine.getOrgId("security")));
  await stack.expectUp();
  expect(engine.listLive()).toEqual([
    "payments → observability: logs",
    "payments → search: logs, metrics",
    "payments → security: audit, logs",
  ]);
  await expectSettled(engine, stack);
});
