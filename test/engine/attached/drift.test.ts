import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();
const createProgram =
  (...connectionTypes: string[]) =>
  () => {
    new OrgConnection("hub", { sinkOrgId: engine.getOrgId("observability"), connectionTypes });
  };

describe("drift", () => {
  it("refresh detects a changed type, and the next up repairs it", async () => {
    const stack = engine.createStack(createProgram("logs"));
    await stack.expectUp();
    engine.sandbox.changeTypes(engine.getOnlyConnection().id, ["logs", "metrics"]);
    const refresh = await stack.refresh();
    expect(refresh.output).toMatch(/hub.*updated/);
    expect((await stack.loadState())[0]?.outputs?.["connectionTypes"]).toEqual(["logs", "metrics"]);
    const up = await stack.expectUp();
    expect(up.steps).toEqual(["update hub"]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("preview --refresh shows the added type", async () => {
    const stack = engine.createStack(createProgram("logs"));
    await stack.expectUp();
    engine.sandbox.changeTypes(engine.getOnlyConnection().id, ["logs", "metrics"]);
    const preview = await stack.preview("--refresh");
    expect(preview.steps).toContain("update hub");
    expect(preview.output).toMatch(/- +\[1\]: "metrics"/);
  });

  it("refresh detects a deleted connection, and the next up creates it again", async () => {
    const stack = engine.createStack(createProgram("logs"));
    await stack.expectUp();
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    const refresh = await stack.refresh();
    expect(refresh.output).toContain("to Acme Observability is gone; the next `pulumi up` creates it again");
    expect(await stack.loadState()).toEqual([]);
    expect((await stack.expectUp()).steps).toEqual(["create hub"]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("one up --refresh repairs a deleted connection", async () => {
    const stack = engine.createStack(createProgram("logs"));
    await stack.expectUp();
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    await stack.expectUp("--refresh");
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("refresh reports a recreated connection as gone, with the new id", async () => {
    const stack = engine.createStack(createProgram("logs"));
    await stack.expectUp();
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    const other = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["audit"],
    });
    const refresh = await stack.refresh();
    expect(refresh.output).toContain(
      `another connection, ${other} (audit), now exists between the same organizations`,
    );
    expect(await stack.loadState()).toEqual([]);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(other);
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
  });

  it("an update of a deleted connection fails with the next step", async () => {
    const stack = engine.createStack(createProgram("logs"));
    await stack.expectUp();
    engine.sandbox.disconnect(engine.getOnlyConnection().id);
    stack.writeProgram(createProgram("audit"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain("Run `pulumi up --refresh`");
    await stack.expectUp("--refresh");
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
  });

  it("a refresh of three connections of one organization sends one request", async () => {
    const stack = engine.createStack(() => {
      for (const key of ["observability", "security", "checkout"])
        new OrgConnection(key, { sinkOrgId: engine.getOrgId(key), connectionTypes: ["logs"] });
    });
    await stack.expectUp();
    const refresh = await stack.refresh();
    expect([refresh.code, refresh.requests]).toEqual([0, ["GET /api/v2/org_connections"]]);
  });
});
