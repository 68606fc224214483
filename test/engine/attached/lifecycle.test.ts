import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();

type Args = ConstructorParameters<typeof OrgConnection>[1];

const declareHub =
  (args: Partial<Args> = {}) =>
  () => {
    new OrgConnection("hub", { sinkOrgId: engine.getOrgId("observability"), ...args });
  };
const LOGS: Partial<Args> = { connectionTypes: ["logs"] };

describe("create and no changes", () => {
  it("the first up creates the connection and saves it in the state", async () => {
    const stack = engine.createStack(declareHub({ connectionTypes: ["metrics", "logs"], reason: "SEC-1" }));
    const run = await stack.expectUp();
    expect(run.steps).toEqual(["create hub"]);
    expect(engine.listLive()).toEqual(["payments → observability: logs, metrics"]);
    const [resource] = await stack.loadState();
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
  });

  it("a preview writes nothing", async () => {
    const run = await engine.createStack(declareHub(LOGS)).preview();
    expect(run.steps).toEqual(["create hub"]);
    expect(run.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(engine.listLive()).toEqual([]);
  });

  it("a second preview and a second up have no changes and send no request", async () => {
    const stack = engine.createStack(declareHub(LOGS));
    await stack.expectUp();
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.steps, preview.requests]).toEqual([0, [], []]);
    const up = await stack.expectUp();
    expect([up.steps, up.requests]).toEqual([[], []]);
  });

  it("the order of types and the case of the UUID are no change", async () => {
    const stack = engine.createStack(declareHub({ connectionTypes: ["logs", "metrics"] }));
    await stack.expectUp();
    const sinkOrgId = engine.getOrgId("observability").toUpperCase();
    stack.writeProgram(declareHub({ sinkOrgId, connectionTypes: ["metrics", "logs"] }));
    const run = await stack.preview("--expect-no-changes");
    expect([run.code, run.steps, run.requests]).toEqual([0, [], []]);
  });
});

describe("update", () => {
  it("an added type is one PATCH of the same connection, and the names remain in the state", async () => {
    const stack = engine.createStack(declareHub(LOGS));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram(declareHub({ connectionTypes: ["logs", "audit"] }));
    const run = await stack.expectUp();
    expect(run.steps).toEqual(["update hub"]);
    expect(run.requests.filter((request) => !request.startsWith("GET"))).toEqual([
      `PATCH /api/v2/org_connections/${id}`,
    ]);
    expect(engine.listLive()).toEqual(["payments → observability: audit, logs"]);
    const [resource] = await stack.loadState();
    expect(resource?.outputs).toMatchObject({
      sinkOrgName: "Acme Observability",
      sourceOrgName: "Acme Payments",
    });
  });

  it("a reason is saved without a request", async () => {
    const stack = engine.createStack(declareHub(LOGS));
    await stack.expectUp();
    stack.writeProgram(declareHub({ ...LOGS, reason: "SEC-2" }));
    const run = await stack.expectUp();
    expect([run.steps, run.requests]).toEqual([["update hub"], []]);
    expect((await stack.loadState())[0]?.outputs?.["reason"]).toBe("SEC-2");
  });

  it("unspecified types are never sent and never drift, and removing the types is no change", async () => {
    const stack = engine.createStack(declareHub());
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    engine.sandbox.changeTypes(id, ["audit", "metrics"]);
    await stack.refresh();
    expect((await stack.loadState())[0]?.outputs?.["connectionTypes"]).toEqual(["audit", "metrics"]);
    const up = await stack.expectUp();
    expect([up.steps, up.requests]).toEqual([[], []]);
    expect(engine.listLive()).toEqual(["payments → observability: audit, metrics"]);
    stack.writeProgram(declareHub({ connectionTypes: ["audit"] }));
    expect((await stack.expectUp()).steps).toEqual(["update hub"]);
    stack.writeProgram(declareHub());
    expect((await stack.expectUp()).steps).toEqual([]);
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
  });
});

describe("replace", () => {
  const declareTo =
    (sink: string, options = {}) =>
    () => {
      new OrgConnection("hub", { sinkOrgId: engine.getOrgId(sink), ...LOGS }, options);
    };
  const listMethods = (requests: string[]) =>
    requests.filter((request) => !request.startsWith("GET")).map((request) => request.split(" ")[0]);

  it("a new destination creates the new connection before it deletes the old one", async () => {
    const stack = engine.createStack(declareTo("observability"));
    await stack.expectUp();
    stack.writeProgram(declareTo("security"));
    const run = await stack.expectUp();
    expect(run.steps).toContain("replace hub");
    expect(listMethods(run.requests)).toEqual(["POST", "DELETE"]);
    expect(engine.listLive()).toEqual(["payments → security: logs"]);
    expect(await stack.loadState()).toHaveLength(1);
  });

  it("a rejected destination keeps the old connection", async () => {
    const stack = engine.createStack(declareTo("observability"));
    await stack.expectUp();
    stack.writeProgram(declareTo("globex-shop"));
    const run = await stack.up();
    expect(run.code).not.toBe(0);
    expect(run.errors.join()).toContain("does not belong to any of the 8 organizations in the account");
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("with deleteBeforeReplace, the old connection is deleted first", async () => {
    const stack = engine.createStack(declareTo("observability", { deleteBeforeReplace: true }));
    await stack.expectUp();
    stack.writeProgram(declareTo("security", { deleteBeforeReplace: true }));
    const run = await stack.expectUp();
    expect(listMethods(run.requests)).toEqual(["DELETE", "POST"]);
    expect(engine.listLive()).toEqual(["payments → security: logs"]);
  });
});

describe("delete", () => {
  it("destroy deletes the connection", async () => {
    const stack = engine.createStack(declareHub(LOGS));
    await stack.expectUp();
    const run = await stack.destroy();
    expect([run.code, run.steps]).toEqual([0, ["delete hub"]]);
    expect(engine.listLive()).toEqual([]);
    expect(await stack.loadState()).toEqual([]);
  });

  it("a missing connection counts as deleted", async () => {
    const stack = engine.createStack(declareHub(LOGS));
    await stack.expectUp();
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    const run = await stack.destroy();
    expect([run.code, run.errors]).toEqual([0, []]);
    expect(await stack.loadState()).toEqual([]);
  });
});
