/** Renames, swaps and replacements of resources whose pair stays: no connection is lost, with `adopt` or without. */
import { describe, expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { expectSettled, listWrites } from "../expect-settled.js";
import { useEngine } from "../stack.js";
import { ADOPT, LOGS } from "./declarations.js";

const engine = useEngine();
const { declare } = engine;
const ADOPT_ONCE = { DATADOG_ORG_CONNECTIONS_ADOPT: "true" };

describe("an adopted connection is not deleted", () => {
  it("when a resource is renamed without an alias", async () => {
    const stack = engine.createStack([declare("old", "observability")]);
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram([declare("new", "observability", ADOPT)]);
    const up = await stack.expectUp();
    expect(listWrites(up)).toEqual([]);
    expect(up.output).toContain("was not deleted: this operation adopted it for another resource");
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when a rename was interrupted after the adoption, by the next up", async () => {
    const stack = engine.createStack([declare("old", "observability")]);
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    // A failed create prevents the deletions of the engine.
    const what = { kind: "status", status: 403 } as const;
    const on = { route: "createConnection", sinkOrgId: engine.getOrgId("security") } as const;
    const fault = engine.sandbox.fail({ on, times: Infinity, moment: "before", what });
    stack.writeProgram(() => {
      const first = new OrgConnection("new", { sinkOrgId: engine.getOrgId("observability"), ...ADOPT });
      new OrgConnection("sec", { sinkOrgId: engine.getOrgId("security"), ...LOGS }, { dependsOn: [first] });
    });
    expect((await stack.up()).code).not.toBe(0);
    expect((await stack.loadState()).map((resource) => resource.id)).toEqual([id, id]);
    fault.disarm();
    expect(listWrites(await stack.expectUp())).toEqual(["POST"]);
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    await expectSettled(engine, stack);
  });

  it("when a resource is tainted", async () => {
    const stack = engine.createStack([declare("hub", "observability", ADOPT)]);
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    const urn = await stack.findUrn("hub");
    const taint = await stack.runPulumi(["state", "taint", urn, "--yes", "--stack=dev"]);
    expect(taint.code, taint.output).toBe(0);
    expect(listWrites(await stack.expectUp())).toEqual([]);
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });
});

describe("without adopt, no connection is deleted", () => {
  it("by a rename without an alias: the preview reports it, and an alias writes nothing", async () => {
    const stack = engine.createStack([declare("old", "observability")]);
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram([declare("new", "observability")]);
    for (const run of [await stack.preview(), await stack.up()])
      expect([run.code === 0, run.errors.join()]).toEqual([false, expect.stringContaining("`aliases`")]);
    stack.writeProgram([declare("new", "observability", LOGS, { aliases: [{ name: "old" }] })]);
    expect((await stack.expectUp()).requests).toEqual([]);
    expect(engine.getOnlyConnection().id).toBe(id);
    expect((await stack.loadState()).map(({ urn }) => urn.split("::").at(-1))).toEqual(["new"]);
  });

  it("by a swap of two destinations: it fails, and exchanges the connections with adopt", async () => {
    const declareBoth = (a: string, b: string) => [
      declare("a", a),
      declare("b", b, { connectionTypes: ["audit"] }),
    ];
    const stack = engine.createStack(declareBoth("observability", "security"));
    await stack.expectUp();
    const before = engine.sandbox.listConnections();
    stack.writeProgram(declareBoth("security", "observability"));
    expect((await stack.up()).errors.join()).toContain("[pair-exists]");
    expect(engine.sandbox.listConnections()).toEqual(before);
    stack.env = { ...stack.env, ...ADOPT_ONCE };
    expect(listWrites(await stack.expectUp())).not.toContain("DELETE");
    expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(engine.listLive()).toEqual(["payments → observability: audit", "payments → security: logs"]);
    await expectSettled(engine, stack);
  });

  it.each([
    ["without adopt", LOGS],
    ["with adopt too", ADOPT],
  ])("by --replace with deleteBeforeReplace, which creates a new connection: %s", async (_, args) => {
    const stack = engine.createStack([declare("hub", "observability", args, { deleteBeforeReplace: true })]);
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    const flags = ["--replace", await stack.findUrn("hub")];
    expect((await stack.preview(...flags)).errors).toEqual([]);
    expect(listWrites(await stack.expectUp(...flags))).toEqual(["DELETE", "POST"]);
    expect(engine.getOnlyConnection().id).not.toBe(id);
    await expectSettled(engine, stack);
  });

  it("by a destination changed back after a failed deletion: it fails, and succeeds with adopt", async () => {
    const stack = engine.createStack([declare("hub", "observability")]);
    await stack.expectUp();
    stack.writeProgram([declare("hub", "security")]);
    engine.sandbox.fail({
      on: { route: "deleteConnection" },
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 403 },
    });
    expect((await stack.up()).code).not.toBe(0);
    engine.sandbox.clearFaults();
    const before = engine.sandbox.listConnections();
    expect(before).toHaveLength(2);
    const pending = (await stack.loadState()).map(({ delete: isPendingDelete }) => isPendingDelete === true);
    expect(pending.sort()).toEqual([false, true]);

    stack.writeProgram([declare("hub", "observability")]);
    expect((await stack.up()).errors.join()).toContain(`connection ${before[0]?.id} (logs)`);
    expect(engine.sandbox.listConnections()).toEqual(before);
    stack.env = { ...stack.env, ...ADOPT_ONCE };
    await stack.expectUp();
    expect(engine.getOnlyConnection()).toEqual(before[0]);
    await expectSettled(engine, stack);
  });
});

it("a connection that is no longer declared, or has a new destination, is deleted by up --refresh too", async () => {
  const stack = engine.createStack([declare("hub", "observability"), declare("other", "search")]);
  await stack.expectUp();
  stack.writeProgram([declare("hub", "security")]);
  expect(listWrites(await stack.expectUp("--refresh")).sort()).toEqual(["DELETE", "DELETE", "POST"]);
  expect(engine.listLive()).toEqual(["payments → security: logs"]);
});
