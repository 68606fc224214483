import { describe, expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();
const declare = (name: string, sink: string, types: string, options = "") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: [${types}] }, { ${options} });`;

describe("resource options", () => {
  it("ignoreChanges leaves the types as they are", async () => {
    const stack = engine.stack(declare("hub", "observability", `"logs"`));
    await stack.mustUp();
    stack.program(declare("hub", "observability", `"audit"`, `ignoreChanges: ["connectionTypes"]`));
    const up = await stack.mustUp();
    expect([up.steps, up.requests]).toEqual([[], []]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });

  it("aliases rename a resource without touching the connection", async () => {
    const stack = engine.stack(declare("old", "observability", `"logs"`));
    await stack.mustUp();
    const { id } = engine.only();
    stack.program(declare("new", "observability", `"logs"`, `aliases: [{ name: "old" }]`));
    const up = await stack.mustUp();
    expect(up.requests).toEqual([]);
    expect(engine.only().id).toBe(id);
    expect((await stack.state()).map(({ urn }) => urn.split("::").at(-1))).toEqual(["new"]);
  });

  it("protect stops destroy before any request", async () => {
    const stack = engine.stack(declare("hub", "observability", `"logs"`, "protect: true"));
    await stack.mustUp();
    const destroy = await stack.destroy();
    expect(destroy.code).not.toBe(0);
    expect(destroy.requests).toEqual([]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });

  it("retainOnDelete forgets the connection and lets it live", async () => {
    const stack = engine.stack(declare("hub", "observability", `"logs"`, "retainOnDelete: true"));
    await stack.mustUp();
    const destroy = await stack.destroy();
    expect([destroy.code, destroy.requests]).toEqual([0, []]);
    expect(engine.live()).toEqual(["payments → observability: logs"]);
    expect(await stack.state()).toEqual([]);
  });

  it("--target changes the named one only", async () => {
    const both = (types: string) =>
      declare("hub", "observability", types) + "\n" + declare("sec", "security", types);
    const stack = engine.stack(both(`"logs"`));
    await stack.mustUp();
    stack.program(both(`"audit"`));
    const up = await stack.mustUp("--target", "**hub");
    expect(up.steps).toEqual(["update hub"]);
    expect(engine.live()).toEqual(["payments → observability: audit", "payments → security: logs"]);
  });
});
