import { describe, expect, it } from "vitest";
import { expectSettled, STACK_TRACE, writesOf } from "./settled.js";
import { useEngine } from "./stack.js";

const engine = useEngine();

const declare = (name: string, sink: string, args = `connectionTypes: ["logs"]`, options = "") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", ${args} }, { ${options} });`;
const ADOPT = `connectionTypes: ["logs"], adopt: true`;
const ADOPT_ONCE = { DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
/** A connection that somebody made by hand. */
const byHand = (connectionTypes = ["logs"]) =>
  engine.sandbox.connect({
    source: "payments",
    sink: "observability",
    connectionTypes,
    createdBy: { ...engine.sandbox.organization("security").user, name: "Maria Hand" },
  });

describe("a pair that exists, without adopt", () => {
  it("fails the preview with its id and the ways on: aliases, deleteBeforeReplace, adopt", async () => {
    const id = byHand();
    const preview = await engine.stack(declare("hub", "observability")).preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(
      new RegExp(
        `already shares with Acme Observability: connection ${id} \\(logs\\), made by Maria Hand` +
          `.*aliases.*deleteBeforeReplace: true.*adopt: true.*DATADOG_ORG_CONNECTIONS_ADOPT=true`,
        "s",
      ),
    );
    expect(preview.output).not.toMatch(STACK_TRACE);
    expect(writesOf(preview)).toEqual([]);
  });

  it("fails the up, changes nothing and records nothing", async () => {
    const id = byHand(["audit"]);
    const stack = engine.stack(declare("hub", "observability"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(id);
    expect(engine.live()).toEqual(["payments → observability: audit"]);
    expect(await stack.state()).toEqual([]);
  });

  it("is an error of the create too, where no check has looked", async () => {
    const id = byHand(["audit"]);
    const stack = engine.stack(declare("hub", "observability"));
    await stack.config("datadog-org-connections:checks", "offline");
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toMatch(new RegExp(`${id}.*aliases.*deleteBeforeReplace.*adopt`, "s"));
    expect(up.output).not.toMatch(STACK_TRACE);
    expect(engine.live()).toEqual(["payments → observability: audit"]);
    expect(await stack.state()).toEqual([]);
  });
});

describe("a pair that exists, with adopt", () => {
  it("the preview says id, creator, and types before and after", async () => {
    const id = byHand(["audit"]);
    const preview = await engine
      .stack(declare("hub", "observability", `connectionTypes: ["logs", "metrics"], adopt: true`))
      .preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toMatch(
      new RegExp(
        `to Acme Observability \\(${engine.id("observability")}\\): will take over connection ${id} \\(audit\\), made by Maria Hand on ` +
          `\\d{4}-\\d\\d-\\d\\d, and change its types to logs, metrics`,
      ),
    );
    expect(writesOf(preview)).toEqual([]);
  });

  it("the preview says that types stay when they do", async () => {
    byHand();
    const preview = await engine.stack(declare("hub", "observability", ADOPT)).preview();
    expect(preview.output).toContain("and leave its types as they are");
  });

  it("takes it over as it is, without a PATCH, when the types are the declared ones", async () => {
    const id = byHand();
    const stack = engine.stack(declare("hub", "observability", ADOPT));
    expect(writesOf(await stack.mustUp())).toEqual([]);
    expect(engine.only().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("brings differing types in line by one PATCH", async () => {
    const id = byHand(["audit"]);
    const stack = engine.stack(declare("hub", "observability", ADOPT));
    expect(writesOf(await stack.mustUp())).toEqual(["PATCH"]);
    expect(engine.only()).toMatchObject({ id, connectionTypes: ["logs"] });
    await expectSettled(engine, stack);
  });

  it("leaves unmanaged types alone", async () => {
    byHand(["audit", "metrics"]);
    const stack = engine.stack(declare("hub", "observability", "adopt: true"));
    expect(writesOf(await stack.mustUp())).toEqual([]);
    expect(engine.live()).toEqual(["payments → observability: audit, metrics"]);
    await expectSettled(engine, stack);
  });

  it("by the environment for one run, after which nothing is left to do without it", async () => {
    const id = byHand(["audit"]);
    const stack = engine.stack(declare("hub", "observability"));
    const { env } = stack;
    stack.env = { ...env, ...ADOPT_ONCE };
    expect((await stack.preview()).output).toContain(`will take over connection ${id} (audit)`);
    expect(writesOf(await stack.mustUp())).toEqual(["PATCH"]);
    stack.env = env;
    await expectSettled(engine, stack);
  });

  it("destroy ends what was taken over", async () => {
    byHand();
    const stack = engine.stack(declare("hub", "observability", ADOPT));
    await stack.mustUp();
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual([]);
  });
});

describe("what was just adopted is not deleted", () => {
  it("when a resource is renamed without an alias", async () => {
    const stack = engine.stack(declare("old", "observability"));
    await stack.mustUp();
    const { id } = engine.only();
    stack.program(declare("new", "observability", ADOPT));
    const up = await stack.mustUp();
    expect(writesOf(up)).toEqual([]);
    expect(up.output).toContain("was not deleted: this operation took it over for another resource");
    expect(engine.only().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when a rename was cut short after the take-over, by the next up", async () => {
    const stack = engine.stack(declare("old", "observability"));
    await stack.mustUp();
    const { id } = engine.only();
    // A create that fails keeps the engine from its deletions.
    const refused = declare("sec", "security", undefined, "dependsOn: [first]");
    const what = { kind: "status", status: 403 } as const;
    const on = { route: "createConnection", sinkOrgId: engine.id("security") } as const;
    const fault = engine.sandbox.fail({ on, times: Infinity, moment: "before", what });
    stack.program(`const first = ${declare("new", "observability", ADOPT)}\n${refused}`);
    expect((await stack.up()).code).not.toBe(0);
    expect((await stack.state()).map((resource) => resource.id)).toEqual([id, id]);
    fault.disarm();
    const up = await stack.mustUp();
    expect(writesOf(up)).toEqual(["POST"]);
    expect(engine.live()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    await expectSettled(engine, stack);
  });

  it("when two sinks are swapped", async () => {
    const both = (a: string, b: string, args: string) =>
      `${declare("a", a, args)}\n${declare("b", b, args.replace("logs", "audit"))}`;
    const stack = engine.stack(both("observability", "security", ADOPT));
    await stack.mustUp();
    const ids = engine.sandbox.connections().map(({ id }) => id);
    stack.program(both("security", "observability", ADOPT));
    const up = await stack.mustUp();
    expect(writesOf(up)).not.toContain("DELETE");
    expect(engine.sandbox.connections().map(({ id }) => id)).toEqual(ids);
    expect(engine.live()).toEqual(["payments → observability: audit", "payments → security: logs"]);
    await expectSettled(engine, stack);
  });

  it("when a replacement is forced with --replace", async () => {
    const stack = engine.stack(declare("hub", "observability", ADOPT));
    await stack.mustUp();
    const { id } = engine.only();
    const up = await stack.mustUp("--replace", await stack.urn("hub"));
    expect(writesOf(up)).toEqual([]);
    expect(up.output).toContain("was not deleted");
    expect(engine.only().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when a resource is tainted", async () => {
    const stack = engine.stack(declare("hub", "observability", ADOPT));
    await stack.mustUp();
    const { id } = engine.only();
    const taint = await stack.pulumi(["state", "taint", await stack.urn("hub"), "--yes", "--stack=dev"]);
    expect(taint.code, taint.output).toBe(0);
    expect(writesOf(await stack.mustUp())).toEqual([]);
    expect(engine.only().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("when an old deletion had failed and the sink is set back", async () => {
    const stack = await withFailedDeletion();
    const [old] = engine.sandbox.connections();
    stack.program(declare("hub", "observability", ADOPT));
    const up = await stack.mustUp();
    expect(up.requests).not.toContain(`DELETE /api/v2/org_connections/${old?.id}`);
    expect(engine.only().id).toBe(old?.id);
    await expectSettled(engine, stack);
  });
});

describe("what the program gives up is deleted, also by up --refresh", () => {
  it("when the resource is gone from the program", async () => {
    const stack = engine.stack(declare("hub", "observability"));
    await stack.mustUp();
    stack.program("");
    expect(writesOf(await stack.mustUp("--refresh"))).toEqual(["DELETE"]);
    expect(engine.live()).toEqual([]);
  });

  it("when it has a new sink", async () => {
    const stack = engine.stack(declare("hub", "observability"));
    await stack.mustUp();
    stack.program(declare("hub", "security"));
    expect(writesOf(await stack.mustUp("--refresh"))).toEqual(["POST", "DELETE"]);
    expect(engine.live()).toEqual(["payments → security: logs"]);
  });
});

describe("without adopt nothing is lost", () => {
  it("by a rename without an alias: the preview says so", async () => {
    const stack = engine.stack(declare("old", "observability"));
    await stack.mustUp();
    const { id } = engine.only();
    stack.program(declare("new", "observability"));
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toContain("If the resource was renamed, give it `aliases`");
    expect((await stack.up()).code).not.toBe(0);
    expect(engine.only().id).toBe(id);
    stack.program(declare("new", "observability", undefined, `aliases: [{ name: "old" }]`));
    await stack.mustUp();
    await expectSettled(engine, stack);
  });

  it("by a swap of two sinks: it fails, and goes through once adopt is set", async () => {
    const both = (a: string, b: string, args?: string) =>
      `${declare("a", a, args)}\n${declare("b", b, args)}`;
    const stack = engine.stack(both("observability", "security"));
    await stack.mustUp();
    const before = engine.sandbox.connections();
    stack.program(both("security", "observability"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain("take it over with `adopt: true`");
    expect(engine.sandbox.connections()).toEqual(before);
    stack.env = { ...stack.env, ...ADOPT_ONCE };
    await stack.mustUp();
    expect(engine.sandbox.connections()).toEqual(before);
    await expectSettled(engine, stack);
  });

  it("by --replace: the error names deleteBeforeReplace", async () => {
    const stack = engine.stack(declare("hub", "observability"));
    await stack.mustUp();
    const { id } = engine.only();
    const up = await stack.up("--replace", await stack.urn("hub"));
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain("set `deleteBeforeReplace: true` for this run");
    expect(engine.only().id).toBe(id);
    await expectSettled(engine, stack);
  });

  it("by --replace with deleteBeforeReplace, which makes a new connection of the pair", async () => {
    const stack = engine.stack(declare("hub", "observability"));
    await stack.mustUp();
    const { id } = engine.only();
    stack.program(declare("hub", "observability", undefined, "deleteBeforeReplace: true"));
    const flags = ["--replace", await stack.urn("hub")];
    const preview = await stack.preview(...flags);
    expect(preview.code, preview.output).toBe(0);
    expect(writesOf(await stack.mustUp(...flags))).toEqual(["DELETE", "POST"]);
    expect(engine.only().id).not.toBe(id);
    await expectSettled(engine, stack);
  });

  it("by --replace with deleteBeforeReplace and adopt, which makes a new one too", async () => {
    const stack = engine.stack(declare("hub", "observability", ADOPT, "deleteBeforeReplace: true"));
    await stack.mustUp();
    const { id } = engine.only();
    expect(writesOf(await stack.mustUp("--replace", await stack.urn("hub")))).toEqual(["DELETE", "POST"]);
    expect(engine.only().id).not.toBe(id);
    await expectSettled(engine, stack);
  });

  it("by a sink set back after a deletion that failed", async () => {
    const stack = await withFailedDeletion();
    const before = engine.sandbox.connections();
    stack.program(declare("hub", "observability"));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.errors.join()).toContain(`connection ${before[0]?.id} (logs)`);
    expect(engine.sandbox.connections()).toEqual(before);
    stack.env = { ...stack.env, ...ADOPT_ONCE };
    await stack.mustUp();
    expect(engine.only()).toEqual(before[0]);
    await expectSettled(engine, stack);
  });
});

/** A stack whose sink moved from observability to security, where the old connection could not be deleted. */
async function withFailedDeletion() {
  const stack = engine.stack(declare("hub", "observability"));
  await stack.mustUp();
  stack.program(declare("hub", "security"));
  const what = { kind: "status", status: 403 } as const;
  const fault = engine.sandbox.fail({
    on: { route: "deleteConnection" },
    times: Infinity,
    moment: "before",
    what,
  });
  expect((await stack.up()).code).not.toBe(0);
  fault.disarm();
  expect(engine.live()).toEqual(["payments → observability: logs", "payments → security: logs"]);
  expect((await stack.state()).map(({ delete: ended }) => ended === true).sort()).toEqual([false, true]);
  return stack;
}
