import { describe, expect, it } from "vitest";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import {
  OrgConnection,
  OrgConnectionSet,
  type OrgConnectionArgs,
  type OrgConnectionSetArgs,
} from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();

/** Returns a program of a set of the default organization, such as `{ observability: "logs, metrics" }`. */
const declareSet =
  (
    connections: Record<string, string>,
    { name = "all", ...args }: Partial<OrgConnectionSetArgs> & { name?: string } = {},
    options?: CustomResourceOptions,
  ) =>
  () => {
    const typesBySink: Record<string, string[]> = {};
    for (const [sink, types] of Object.entries(connections))
      typesBySink[engine.getOrgId(sink)] = types.split(", ");
    new OrgConnectionSet(name, { connections: typesBySink, ...args }, options);
  };

const declareSingle =
  (sink: string, args: Partial<OrgConnectionArgs> = {}) =>
  () => {
    new OrgConnection(sink, { sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"], ...args });
  };
/** Combines programs. */
const declareAll =
  (...programs: (() => void)[]) =>
  () => {
    for (const declare of programs) declare();
  };
const listWrites = (requests: string[]) => requests.filter((request) => !request.startsWith("GET"));

describe("the lifecycle of a set", () => {
  it("up creates all connections, and the state contains each", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs, metrics", security: "audit" }));
    const preview = await stack.preview();
    expect(preview.steps).toEqual(["create all"]);
    await stack.expectUp();
    expect(engine.listLive()).toEqual([
      "payments → observability: logs, metrics",
      "payments → security: audit",
    ]);
    const [resource] = await stack.loadState();
    expect(resource?.id).toBe(engine.getOrgId("payments"));
    const members = Object.fromEntries(
      engine.sandbox.listConnections().map(({ id, sinkOrgId, createdAt, createdBy }) => {
        const sinkOrgName = engine.sandbox.organizations.find((org) => org.id === sinkOrgId)?.name;
        return [sinkOrgId, { id, sinkOrgName, createdAt, createdBy }];
      }),
    );
    expect(resource?.outputs?.["members"]).toEqual(members);
  });

  it("no changes need no request; a refresh needs one", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs", security: "audit" }));
    await stack.expectUp();
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.requests]).toEqual([0, []]);
    const refresh = await stack.refresh();
    expect([refresh.code, refresh.requests]).toEqual([0, ["GET /api/v2/org_connections"]]);
  });

  it("one added, one changed, one removed: three writes, in this order", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs", security: "audit" }));
    await stack.expectUp();
    stack.writeProgram(declareSet({ observability: "logs, metrics", search: "logs" }));
    const preview = await stack.preview();
    expect(preview.output).toMatch(new RegExp(`\\+ ${engine.getOrgId("search")}`));
    expect(preview.output).toMatch(new RegExp(`- ${engine.getOrgId("security")}`));
    const up = await stack.expectUp();
    expect(listWrites(up.requests).map((request) => request.split(" ")[0])).toEqual([
      "POST",
      "PATCH",
      "DELETE",
    ]);
    expect(engine.listLive()).toEqual(["payments → observability: logs, metrics", "payments → search: logs"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("drift of a member is shown under its destination, and the next up repairs it", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs", security: "audit" }));
    await stack.expectUp();
    const [first, second] = engine.sandbox.listConnections();
    engine.sandbox.changeTypes(first?.id ?? "", ["logs", "metrics"]);
    engine.sandbox.disconnect(second?.id ?? "");
    const preview = await stack.preview("--refresh");
    expect(preview.output).toMatch(/- +\[1\]: "metrics"/);
    await stack.expectUp("--refresh");
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: audit"]);
  });

  it("a forced replacement succeeds with deleteBeforeReplace", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs" }));
    await stack.expectUp();
    const before = engine.getOnlyConnection().id;
    stack.writeProgram(declareSet({ observability: "logs" }, {}, { deleteBeforeReplace: true }));
    await stack.expectUp("--replace", await stack.findUrn("all"));
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    expect(engine.getOnlyConnection().id).not.toBe(before);
  });

  it("destroy deletes only the members", async () => {
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    engine.sandbox.connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const stack = engine.createStack(declareSet({ observability: "logs" }));
    await stack.expectUp();
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.listLive()).toEqual(["checkout → payments: logs", "payments → search: logs"]);
  });
});

describe("a set that fails partially", () => {
  it("keeps the live connections in the state, and the next up sends only the missing changes", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs", security: "logs", search: "logs" }));
    const fault = { status: 400, body: { errors: ["no"] }, kind: "status" } as const;
    engine.sandbox.fail({
      on: { route: "createConnection", sinkOrgId: engine.getOrgId("security") },
      moment: "before",
      what: fault,
    });
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("Datadog rejected the request");
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → search: logs"]);
    const [resource] = await stack.loadState();
    expect(Object.keys(resource?.outputs?.["members"] as object).sort()).toEqual(
      [engine.getOrgId("observability"), engine.getOrgId("search")].sort(),
    );
    const up = await stack.expectUp();
    expect(listWrites(up.requests)).toEqual(["POST /api/v2/org_connections"]);
    expect(engine.listLive()).toHaveLength(3);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("an update of a set that fails partially", () => {
  it("is completed by a plain up, which reports no member as an existing or adopted connection", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs" }));
    await stack.expectUp();
    stack.writeProgram(declareSet({ observability: "logs", security: "logs", search: "logs" }));
    engine.sandbox.fail({
      on: { route: "createConnection", sinkOrgId: engine.getOrgId("search") },
      moment: "before",
      what: { status: 400, body: { errors: ["no"] }, kind: "status" },
    });
    expect((await stack.up()).code).not.toBe(0);
    expect(engine.listLive()).toEqual(["payments → observability: logs", "payments → security: logs"]);
    const preview = await stack.preview();
    expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
    expect(listWrites((await stack.expectUp()).requests)).toEqual(["POST /api/v2/org_connections"]);
    expect(engine.listLive()).toHaveLength(3);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("exclusive", () => {
  it("saves undeclared connections in the state, lists them in the next preview, and deletes them with the next up", async () => {
    const undeclared = engine.sandbox.connect({
      source: "payments",
      sink: "search",
      connectionTypes: ["logs"],
    });
    engine.sandbox.connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const stack = engine.createStack(declareSet({ observability: "logs" }, { exclusive: true }));
    await stack.expectUp();
    expect(engine.listLive()).toHaveLength(3);
    const preview = await stack.preview();
    expect(preview.output).toContain(`connection ${undeclared} will be deleted`);
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["checkout → payments: logs", "payments → observability: logs"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("finds an undeclared connection at refresh, and deletes none that a preview could not show", async () => {
    const stack = engine.createStack(declareSet({ observability: "logs" }, { exclusive: true }));
    await stack.expectUp();
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    expect((await stack.expectUp()).requests).toEqual([]);
    expect(engine.listLive()).toHaveLength(2);
    await stack.refresh();
    await stack.expectUp();
    expect(engine.listLive()).toEqual(["payments → observability: logs"]);
  });
});

describe("moving", () => {
  it("from single resources to a set and back changes no live connection", async () => {
    const stack = engine.createStack(declareAll(declareSingle("observability"), declareSingle("security")));
    await stack.expectUp();
    const ids = engine.sandbox.listConnections().map(({ id }) => id);
    stack.writeProgram(declareSet({ observability: "logs", security: "logs" }, { adopt: true }));
    expect(listWrites((await stack.expectUp()).requests)).toEqual([]);
    expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(ids);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    stack.writeProgram(
      declareAll(declareSingle("observability", { adopt: true }), declareSingle("security", { adopt: true })),
    );
    expect(listWrites((await stack.expectUp()).requests)).toEqual([]);
    expect(engine.sandbox.listConnections().map(({ id }) => id)).toEqual(ids);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("invalid input of a set", () => {
  it.each([
    [{ nonsense: ["logs"] }, /connections\["nonsense"\].*is not a UUID/s],
    [{ "11111111-2222-4333-8444-555555555555": [] }, /is empty/],
    [["logs"], /connections.*must be an object/s],
  ])("%s fails the preview with the name of the property", async (connections, message) => {
    const preview = await engine
      .createStack(() => {
        new OrgConnectionSet("all", { connections } as OrgConnectionSetArgs);
      })
      .preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(message);
  });

  it.each([
    ["a single connection", () => declareSingle("security")],
    ["another set", () => declareSet({ security: "logs" }, { name: "more" })],
  ])("an exclusive set and %s of its organization are rejected, in either order", async (_, other) => {
    const exclusive = declareSet({ observability: "logs" }, { exclusive: true });
    for (const program of [declareAll(exclusive, other()), declareAll(other(), exclusive)]) {
      const preview = await engine.createStack(program).preview();
      expect(preview.errors.join()).toMatch(
        /OrgConnectionSet "all" is exclusive and would delete what OrgConnection\w* "\w+" declares/,
      );
    }
  });

  it("an exclusive set and connections of another organization are allowed", async () => {
    const stack = engine.createStack(
      declareAll(
        declareSet({ observability: "logs" }, { exclusive: true }),
        declareSingle("security", { source: "checkout" }),
      ),
    );
    const { apiKey, appKey } = engine.sandbox.getOrganization("checkout");
    Object.assign(stack.env, {
      DD_API_KEY__CHECKOUT: apiKey,
      DD_APP_KEY__CHECKOUT: appKey,
      DD_HOST__CHECKOUT: engine.sandbox.url,
    });
    expect((await stack.preview()).errors).toEqual([]);
  });

  it("a pair that a single resource also declares is rejected, with both names", async () => {
    const stack = engine.createStack(
      declareAll(declareSet({ observability: "logs" }), declareSingle("observability")),
    );
    const preview = await stack.preview();
    expect(preview.errors.join()).toMatch(
      /OrgConnectionSet "all" and OrgConnection "observability" declare the same pair/,
    );
  });
});
