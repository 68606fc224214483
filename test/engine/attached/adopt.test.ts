import { describe, expect, it } from "vitest";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { OrgConnection, type OrgConnectionArgs } from "../../../provider/src/index.js";
import { expectSettled, STACK_TRACE, listWrites } from "../expect-settled.js";
import { useEngine } from "../stack.js";

const engine = useEngine();

type Args = Omit<OrgConnectionArgs, "sinkOrgId">;
const LOGS: Args = { connectionTypes: ["logs"] };
const ADOPT: Args = { ...LOGS, adopt: true };
/** Returns a program of one connection. */
const declare =
  (name: string, sink: string, args = LOGS, options?: CustomResourceOptions) =>
  () => {
    new OrgConnection(name, { sinkOrgId: engine.getOrgId(sink), ...args }, options);
  };
const ADOPT_ONCE = { DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
/** Creates a connection by hand. */
const connectByHand = (connectionTypes = ["logs"]) =>
  engine.sandbox.connect({
    source: "payments",
    sink: "observability",
    connectionTypes,
    createdBy: { ...engine.sandbox.getOrganization("security").user, name: "Maria Hand" },
  });

describe("a pair that exists, without adopt", () => {
  it("fails the preview with its id and the options: aliases, deleteBeforeReplace, adopt", async () => {
    const id = connectByHand();
    const preview = await engine.createStack(declare("hub", "observability")).preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(
      new RegExp(
        `already shares data with Acme Observability: connection ${id} \\(logs\\), created by Maria Hand` +
          `.*aliases.*deleteBeforeReplace: true.*adopt: true.*DATADOG_ORG_CONNECTIONS_ADOPT=true`,
        "s",
      ),
    );
    expect(preview.output).not.toMatch(STACK_TRACE);
    expect(listWrites(preview)).toEqual([]);
  });

  it("fails the up, and changes neither connections nor state", async () => {
    const id = connectByHand(["audit"]);
    const stack = engine.createStack(declare("hub", "observability"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(id);
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
    expect(await stack.loadState()).toEqual([]);
  });

  it("is an error of the create too, if preview checks are off", async () => {
    const id = connectByHand(["audit"]);
    const stack = engine.createStack(declare("hub", "observability"));
    await stack.setConfig("datadog-org-connections:checks", "offline");
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toMatch(new RegExp(`${id}.*aliases.*deleteBeforeReplace.*adopt`, "s"));
    expect(up.output).not.toMatch(STACK_TRACE);
    expect(engine.listLive()).toEqual(["payments → observability: audit"]);
    expect(await stack.loadState()).toEqual([]);
  });
});

describe("a pair that exists, with adopt", () => {
  it("the preview shows the id, the creator, and the types before and after", async () => {
    const id = connectByHand(["audit"]);
    const preview = await engine
      .createStack(declare("hub", "observability", { connectionTypes: ["logs", "metrics"], adopt: true }))
      .preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toMatch(
      new RegExp(
        `to Acme Observability \\(${engine.getOrgId("observability")}\\): will adopt connection ${id} \\(audit\\), created by Maria Hand on ` +
          `\\d{4}-\\d\\d-\\d\\d, and change its types to logs, metrics`,
      ),
    );
    expect(listWrites(preview)).toEqual([]);
  });

  it("the preview shows that the types do not change", async () => {
    connectByHand();
    const preview = await engine.createStack(declare("hub", "observability", ADOPT)).preview();
    expect(preview.output).toContain("and leave its types as they are");
  });

  it("adopts it without a PATCH if the types are the declared ones", async () => {
    const id = connectByHand();
    const stack = engine.createStack(declare("hub", "observability", ADOPT));
    expect(listWrites(await stack.expectUp())).toEqual([]);
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("updates different types with one PATCH", async () => {
    const id = connectByHand(["audit"]);
    const stack = engine.createStack(declare("hub", "observability", ADOPT));
    expect(listWrites(await stack.expectUp())).toEqual(["PATCH"]);
    expect(engine.getOnlyConnection()).toMatchObject({ id, connectionTypes: ["logs"] });
    await expectSettled(engine, stack);
  });

  it("leaves unspecified types unchanged", async () => {
    connectByHand(["audit", "metrics"]);
    const stack = engine.createStack(declare("hub", "observability", { adopt: true }));
    expect(listWrites(await stack.expectUp())).toEqual([]);
    expect(engine.listLive()).toEqual(["payments → observability: audit, metrics"]);
    await expectSettled(engine, stack);
  });

  it("with the environment variable for one run, has no changes in the next run without it", async () => {
    const id = connectByHand(["audit"]);
    const stack = engine.createStack(declare("hub", "observability"));
    const { env } = stack;
    stack.env = { ...env, ...ADOPT_ONCE };
    expect((await stack.preview()).output).toContain(`will adopt connection ${id} (audit)`);
    expect(listWrites(await stack.expectUp())).toEqual(["PATCH"]);
    stack.env = env;
    await expectSettled(engine, stack);
  });

  it("destroy deletes the adopted connection", async () => {
    connectByHand();
    const stack = engine.createStack(declare("hub", "observability", ADOPT));
    await stack.expectUp();
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual([]);
  });
});

describe("an adopted connection is not deleted", () => {
  it("when a resource is renamed without an alias", async () => {
    const stack = engine.createStack(declare("old", "observability"));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram(declare("new", "observability", ADOPT));
    const up = await stack.expectUp();
    expect(listWrites(up)).toEqual([]);
    expect(up.output).toContain("was not deleted: this operation adopted it for another resource");
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when a rename was interrupted after the adoption, by the next up", async () => {
    const stack = engine.createStack(declare("old", "observability"));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    // A failed create prevents the deletions of the engine.
    const what = { kind: "status", status: 403 } as const;
    const on = { route: "createConnection", sinkOrgId: engine.getOrgId("security") } as const;
    const fault = engine.sandbox.fail({ on, times: Infinity, moment: "before", what });
    stack.writeProgram(() => {
      const first = new OrgConnection("new", { sinkOrgId: engine.getOrgId("observability"), ...ADOPT });
      declare("sec", "security", LOGS, { dependsOn: [first] })();
    });
    expect((await stack.up()).code).not.toBe(0);
    expect((await stack.loadState()).map((resource) => resource.id)).toEqual([id, id]);
    fault.disarm();
    const up = await stack.expectUp();
    expect(listWrites(up)).toEqual(["POST"]);
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    await expectSettled(engine, stack);
  });

  it("when two destinations are swapped", async () => {
    const declareBoth = (a: string, b: string) => () => {
      declare("a", a, ADOPT)();
      declare("b", b, { connectionTypes: ["audit"], adopt: true })();
    };
    const stack = engine.createStack(declareBoth("observability", "security"));
    await stack.expectUp();
    const ids = engine.sandbox.listConnections().map(({ id }) => id);
    stack.writeProgram(declareBoth("security", "observability"));
    const up = await stack.expectUp();
    expect(listWrites(up)).not.toContain("DELETE");
    expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(ids);
    expect(engine.listLive()).toEqual(["payments → observability: audit", "payments → security: logs"]);
    await expectSettled(engine, stack);
  });

  it("when a replacement is forced with --replace", async () => {
    const stack = engine.createStack(declare("hub", "observability", ADOPT));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    const up = await stack.expectUp("--replace", await stack.findUrn("hub"));
    expect(listWrites(up)).toEqual([]);
    expect(up.output).toContain("was not deleted");
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when a resource is tainted", async () => {
    const stack = engine.createStack(declare("hub", "observability", ADOPT));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    const taint = await stack.runPulumi([
      "state",
      "taint",
      await stack.findUrn("hub"),
      "--yes",
      "--stack=dev",
    ]);
    expect(taint.code, taint.output).toBe(0);
    expect(listWrites(await stack.expectUp())).toEqual([]);
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when a deletion had failed and the destination is changed back", async () => {
    const stack = await createStackWithFailedDeletion();
    const [old] = engine.sandbox.listConnections();
    stack.writeProgram(declare("hub", "observability", ADOPT));
    const up = await stack.expectUp();
    expect(up.requests).not.toContain(`DELETE /api/v2/org_connections/${old?.id}`);
    expect(engine.getOnlyConnection().id).toBe(old?.id);
    await expectSettled(engine, stack);
  });
});

describe("a connection that is no longer declared is deleted, also by up --refresh", () => {
  it("when the resource is removed from the program", async () => {
    const stack = engine.createStack(declare("hub", "observability"));
    await stack.expectUp();
    stack.writeProgram(() => undefined);
    expect(listWrites(await stack.expectUp("--refresh"))).toEqual(["DELETE"]);
    expect(engine.listLive()).toEqual([]);
  });

  it("when it has a new destination", async () => {
    const stack = engine.createStack(declare("hub", "observability"));
    await stack.expectUp();
    stack.writeProgram(declare("hub", "security"));
    expect(listWrites(await stack.expectUp("--refresh"))).toEqual(["POST", "DELETE"]);
    expect(engine.listLive()).toEqual(["payments → security: logs"]);
  });
});

describe("without adopt, no connection is deleted", () => {
  it("by a rename without an alias: the preview reports it", async () => {
    const stack = engine.createStack(declare("old", "observability"));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram(declare("new", "observability"));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toContain("If the resource was renamed, give it `aliases`");
    expect((await stack.up()).code).not.toBe(0);
    expect(engine.getOnlyConnection().id).toBe(id);
    stack.writeProgram(declare("new", "observability", LOGS, { aliases: [{ name: "old" }] }));
    await stack.expectUp();
    await expectSettled(engine, stack);
  });

  it("by a swap of two destinations: it fails, and succeeds with adopt", async () => {
    const declareBoth = (a: string, b: string) => () => {
      declare("a", a)();
      declare("b", b)();
    };
    const stack = engine.createStack(declareBoth("observability", "security"));
    await stack.expectUp();
    const before = engine.sandbox.listConnections();
    stack.writeProgram(declareBoth("security", "observability"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain("To adopt existing connections, set `adopt: true`");
    expect(engine.sandbox.listConnections()).toEqual(before);
    stack.env = { ...stack.env, ...ADOPT_ONCE };
    await stack.expectUp();
    expect(engine.sandbox.listConnections()).toEqual(before);
    await expectSettled(engine, stack);
  });

  it("by --replace: the error names deleteBeforeReplace", async () => {
    const stack = engine.createStack(declare("hub", "observability"));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    const up = await stack.up("--replace", await stack.findUrn("hub"));
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain("set `deleteBeforeReplace: true` for this run");
    expect(engine.getOnlyConnection().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("by --replace with deleteBeforeReplace, which creates a new connection of the pair", async () => {
    const stack = engine.createStack(declare("hub", "observability"));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    stack.writeProgram(declare("hub", "observability", LOGS, { deleteBeforeReplace: true }));
    const flags = ["--replace", await stack.findUrn("hub")];
    const preview = await stack.preview(...flags);
    expect(preview.code, preview.output).toBe(0);
    expect(listWrites(await stack.expectUp(...flags))).toEqual(["DELETE", "POST"]);
    expect(engine.getOnlyConnection().id).not.toBe(id);
    await expectSettled(engine, stack);
  });

  it("by --replace with deleteBeforeReplace and adopt, which also creates a new one", async () => {
    const stack = engine.createStack(declare("hub", "observability", ADOPT, { deleteBeforeReplace: true }));
    await stack.expectUp();
    const { id } = engine.getOnlyConnection();
    expect(listWrites(await stack.expectUp("--replace", await stack.findUrn("hub")))).toEqual([
      "DELETE",
      "POST",
    ]);
    expect(engine.getOnlyConnection().id).not.toBe(id);
    await expectSettled(engine, stack);
  });

  it("by a destination changed back after a failed deletion", async () => {
    const stack = await createStackWithFailedDeletion();
    const before = engine.sandbox.listConnections();
    stack.writeProgram(declare("hub", "observability"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(`connection ${before[0]?.id} (logs)`);
    expect(engine.sandbox.listConnections()).toEqual(before);
    stack.env = { ...stack.env, ...ADOPT_ONCE };
    await stack.expectUp();
    expect(engine.getOnlyConnection()).toEqual(before[0]);
    await expectSettled(engine, stack);
  });
});

/**
 * Creates a stack with a destination changed from observability to security, whose old connection could not
 * be deleted.
 */
async function createStackWithFailedDeletion() {
  const stack = engine.createStack(declare("hub", "observability"));
  await stack.expectUp();
  stack.writeProgram(declare("hub", "security"));
  const what = { kind: "status", status: 403 } as const;
  const fault = engine.sandbox.fail({
    on: { route: "deleteConnection" },
    times: Infinity,
    moment: "before",
    what,
  });
  expect((await stack.up()).code).not.toBe(0);
  fault.disarm();
  expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: logs"]);
  expect(
    (await stack.loadState()).map(({ delete: isPendingDelete }) => isPendingDelete === true).sort(),
  ).toEqual([false, true]);
  return stack;
}
