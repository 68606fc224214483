import { describe, expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();
const PROGRAM = (sink = engine.id("observability")) =>
  `new OrgConnection("hub", { sinkOrgId: "${sink}", connectionTypes: ["logs"] });`;

describe("drift", () => {
  it("refresh sees a changed type, and the next up repairs it", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.changeTypes(engine.only().id, ["logs", "metrics"]);
    const refresh = await stack.refresh();
    expect(refresh.output).toMatch(/hub.*updated/);
    expect((await stack.state())[0]?.outputs?.["connectionTypes"]).toEqual(["logs", "metrics"]);
    const up = await stack.mustUp();
    expect(up.steps).toEqual(["update hub"]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("preview --refresh shows which type came", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.changeTypes(engine.only().id, ["logs", "metrics"]);
    const preview = await stack.preview("--refresh");
    expect(preview.steps).toContain("update hub");
    expect(preview.output).toMatch(/- +\[1\]: "metrics"/);
  });

  it("refresh sees that a connection is gone, and the next up makes it again", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.disconnect(engine.only().id);
    const refresh = await stack.refresh();
    expect(refresh.output).toContain("to Acme Observability is gone; the next `pulumi up` creates it again");
    expect(await stack.state()).toEqual([]);
    expect((await stack.mustUp()).steps).toEqual(["create hub"]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });

  it("one up --refresh repairs a deleted connection", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.disconnect(engine.only().id);
    await stack.mustUp("--refresh");
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });

  it("refresh calls a connection gone that somebody made anew, and names the new id", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.disconnect(engine.only().id);
    const other = engine.sandbox.connect({
      source: "payments",
      sink: "observability",
      connectionTypes: ["audit"],
    });
    const refresh = await stack.refresh();
    expect(refresh.output).toContain(`the same pair lives as ${other}`);
    expect(await stack.state()).toEqual([]);
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(other);
    expect(engine.live()).toEqual(["payments → observability: audit"]);
  });

  it("an update of a connection that is gone says how to go on", async () => {
    const stack = engine.stack(PROGRAM());
    await stack.mustUp();
    engine.sandbox.disconnect(engine.only().id);
    stack.program(PROGRAM().replace(`["logs"]`, `["audit"]`));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain("Run `pulumi up --refresh`");
    await stack.mustUp("--refresh");
    expect(engine.live()).toEqual(["payments → observability: audit"]);
  });

  it("a refresh of three connections of one organization is one request", async () => {
    const sinks = ["observability", "security", "checkout"].map((key) => engine.id(key));
    const stack = engine.stack(
      sinks
        .map((id, at) => `new OrgConnection("c${at}", { sinkOrgId: "${id}", connectionTypes: ["logs"] });`)
        .join("\n"),
    );
    await stack.mustUp();
    const refresh = await stack.refresh();
    expect([refresh.code, refresh.requests]).toEqual([0, ["GET /api/v2/org_connections"]]);
  });
});
