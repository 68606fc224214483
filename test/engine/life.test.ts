import { describe, expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();

const hub = (types: string, options = "") =>
  `new OrgConnection("hub", { sinkOrgId: "${engine.id("observability")}"${types} }, { ${options} });`;
const LOGS = `, connectionTypes: ["logs"]`;

describe("create and nothing to do", () => {
  it("the first up makes the connection and records what is live", async () => {
    const stack = engine.stack(hub(`, connectionTypes: ["metrics", "logs"], reason: "SEC-1"`));
    const run = await stack.mustUp();
    expect(run.steps).toEqual(["create hub"]);
    expect(engine.live()).toEqual(["payments → observability: logs, metrics"]);
    const [resource] = await stack.state();
    const live = engine.only();
    expect(resource?.id).toBe(live.id);
    expect(resource?.outputs).toMatchObject({
      sinkOrgId: engine.id("observability"),
      sinkOrgName: "Acme Observability",
      sourceOrgId: engine.id("payments"),
      sourceOrgName: "Acme Payments",
      connectionTypes: ["logs", "metrics"],
      createdAt: live.createdAt,
      createdBy: live.createdBy,
      reason: "SEC-1",
    });
  });

  it("a preview writes nothing", async () => {
    const run = await engine.stack(hub(LOGS)).preview();
    expect(run.steps).toEqual(["create hub"]);
    expect(run.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(engine.live()).toEqual([]);
  });

  it("a second preview and a second up find nothing to do, without a request", async () => {
    const stack = engine.stack(hub(LOGS));
    await stack.mustUp();
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.steps, preview.requests]).toEqual([0, [], []]);
    const up = await stack.mustUp();
    expect([up.steps, up.requests]).toEqual([[], []]);
  });

  it("order of types and case of the UUID are no change", async () => {
    const stack = engine.stack(hub(`, connectionTypes: ["logs", "metrics"]`));
    await stack.mustUp();
    stack.program(
      `new OrgConnection("hub", { sinkOrgId: "${engine.id("observability").toUpperCase()}", connectionTypes: ["metrics", "logs"] });`,
    );
    const run = await stack.preview("--expect-no-changes");
    expect([run.code, run.steps, run.requests]).toEqual([0, [], []]);
  });
});

describe("update", () => {
  it("a type added is one PATCH of the same connection, and the names stay in the state", async () => {
    const stack = engine.stack(hub(LOGS));
    await stack.mustUp();
    const { id } = engine.only();
    stack.program(hub(`, connectionTypes: ["logs", "audit"]`));
    const run = await stack.mustUp();
    expect(run.steps).toEqual(["update hub"]);
    expect(run.requests.filter((request) => !request.startsWith("GET"))).toEqual([
      `PATCH /api/v2/org_connections/${id}`,
    ]);
    expect(engine.live()).toEqual(["payments → observability: audit, logs"]);
    const [resource] = await stack.state();
    expect(resource?.outputs).toMatchObject({
      sinkOrgName: "Acme Observability",
      sourceOrgName: "Acme Payments",
    });
  });

  it("a reason is recorded without a request", async () => {
    const stack = engine.stack(hub(LOGS));
    await stack.mustUp();
    stack.program(hub(`${LOGS}, reason: "SEC-2"`));
    const run = await stack.mustUp();
    expect([run.steps, run.requests]).toEqual([["update hub"], []]);
    expect((await stack.state())[0]?.outputs?.["reason"]).toBe("SEC-2");
  });

  it("types left out are Datadog's choice: never sent, never drift, and naming none again is no change", async () => {
    const stack = engine.stack(hub(""));
    await stack.mustUp();
    const { id } = engine.only();
    engine.sandbox.changeTypes(id, ["audit", "metrics"]);
    await stack.refresh();
    expect((await stack.state())[0]?.outputs?.["connectionTypes"]).toEqual(["audit", "metrics"]);
    const up = await stack.mustUp();
    expect([up.steps, up.requests]).toEqual([[], []]);
    expect(engine.live()).toEqual(["payments → observability: audit, metrics"]);
    stack.program(hub(`, connectionTypes: ["audit"]`));
    expect((await stack.mustUp()).steps).toEqual(["update hub"]);
    stack.program(hub(""));
    expect((await stack.mustUp()).steps).toEqual([]);
    expect(engine.live()).toEqual(["payments → observability: audit"]);
  });
});

describe("replace", () => {
  const to = (sink: string, options = "") =>
    `new OrgConnection("hub", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"] }, { ${options} });`;
  const writes = (requests: string[]) =>
    requests.filter((request) => !request.startsWith("GET")).map((request) => request.split(" ")[0]);

  it("a new sink makes the new connection before it ends the old one", async () => {
    const stack = engine.stack(to("observability"));
    await stack.mustUp();
    stack.program(to("security"));
    const run = await stack.mustUp();
    expect(run.steps).toContain("replace hub");
    expect(writes(run.requests)).toEqual(["POST", "DELETE"]);
    expect(engine.live()).toEqual(["payments → security: logs"]);
    expect(await stack.state()).toHaveLength(1);
  });

  it("a new sink that is refused loses nothing", async () => {
    const stack = engine.stack(to("observability"));
    await stack.mustUp();
    stack.program(to("globex-shop"));
    const run = await stack.up();
    expect(run.code).not.toBe(0);
    expect(run.errors.join()).toContain("is none of the 8 organizations of the account");
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });

  it("with deleteBeforeReplace it is the other way round", async () => {
    const stack = engine.stack(to("observability", "deleteBeforeReplace: true"));
    await stack.mustUp();
    stack.program(to("security", "deleteBeforeReplace: true"));
    const run = await stack.mustUp();
    expect(writes(run.requests)).toEqual(["DELETE", "POST"]);
    expect(engine.live()).toEqual(["payments → security: logs"]);
  });
});

describe("delete", () => {
  it("destroy ends the sharing", async () => {
    const stack = engine.stack(hub(LOGS));
    await stack.mustUp();
    const run = await stack.destroy();
    expect([run.code, run.steps]).toEqual([0, ["delete hub"]]);
    expect(engine.live()).toEqual([]);
    expect(await stack.state()).toEqual([]);
  });

  it("a connection that is missing already counts as deleted", async () => {
    const stack = engine.stack(hub(LOGS));
    await stack.mustUp();
    engine.sandbox.disconnect(engine.only().id);
    const run = await stack.destroy();
    expect([run.code, run.errors]).toEqual([0, []]);
    expect(await stack.state()).toEqual([]);
  });
});
