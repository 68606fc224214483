import { describe, expect, it } from "vitest";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();
const declare =
  (name: string, sink: string, type: string, options: CustomResourceOptions = {}) =>
  () => {
    new OrgConnection(name, { sinkOrgId: engine.getOrgId(sink), connectionTypes: [type] }, options);
  };

describe("resource options", () => {
  it("ignoreChanges keeps the types", async () => {
    const stack = engine.createStack(declare("hub", "observability", "logs"));
    await stack.expectUp();
    stack.writeProgram(declare("hub", "observability", "audit", { ignoreChanges: ["connectionTypes"] }));
    const up = await stack.expectUp();
    expect([up.steps, up.requests]).toEqual([[], []]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("aliases rename a resource without touching the connection", async () => {
    const stack = engine.createStack(declare("old", "observability", "logs"));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram(declare("new", "observability", "logs", { aliases: [{ name: "old" }] }));
    const up = await stack.expectUp();
    expect(up.requests).toEqual([]);
    expect(engine.getOnlyConnection().id).toBe(id);
    expect((await stack.loadState()).map(({ urn }) => urn.split("::").at(-1))).toEqual(["new"]);
  });

  it("protect stops destroy before any request", async () => {
    const stack = engine.createStack(declare("hub", "observability", "logs", { protect: true }));
    await stack.expectUp();
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.requests).toEqual([]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });

  it("retainOnDelete keeps the connection and only removes the resource from the state", async () => {
    const stack = engine.createStack(declare("hub", "observability", "logs", { retainOnDelete: true }));
    await stack.expectUp();
    const destroy = await stack.destroy();
    expect([destroy.code, destroy.requests]).toEqual([0, []]);
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    expect(await stack.loadState()).toEqual([]);
  });

  it("--target changes only the selected resource", async () => {
    const declareBoth = (type: string) => () => {
      declare("hub", "observability", type)();
      declare("sec", "security", type)();
    };
    const stack = engine.createStack(declareBoth("logs"));
    await stack.expectUp();
    stack.writeProgram(declareBoth("audit"));
    const up = await stack.expectUp("--target", "**hub");
    expect(up.steps).toEqual(["update hub"]);
    expect(engine.listLive()).toEqual(["payments → observability: audit", "payments → security: logs"]);
  });
});
