import { describe, expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();

/** A set named "all" of the default organization: `{ observability: "logs, metrics" }`. */
function set(connections: Record<string, string>, more = "", options = ""): string {
  const entries = Object.entries(connections).map(
    ([sink, types]) => `"${engine.id(sink)}": ${JSON.stringify(types.split(", "))}`,
  );
  return `new OrgConnectionSet("all", { connections: { ${entries.join(", ")} }, ${more} }, { ${options} });`;
}

const single = (sink: string, more = "") =>
  `new OrgConnection("${sink}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: ["logs"], ${more} });`;
const writes = (requests: string[]) => requests.filter((request) => !request.startsWith("GET"));

describe("the life of a set", () => {
  it("up makes all connections, and the state holds each", async () => {
    const stack = engine.stack(set({ observability: "logs, metrics", security: "audit" }));
    const preview = await stack.preview();
    expect(preview.steps).toEqual(["create all"]);
    await stack.mustUp();
    expect(engine.live()).toEqual(["payments → observability: logs, metrics", "payments → security: audit"]);
    const [resource] = await stack.state();
    expect(resource?.id).toBe(engine.id("payments"));
    const members = Object.fromEntries(
      engine.sandbox.connections().map(({ id, sinkOrgId, createdAt, createdBy }) => {
        const sinkOrgName = engine.sandbox.organizations.find((org) => org.id === sinkOrgId)?.name;
        return [sinkOrgId, { id, sinkOrgName, createdAt, createdBy }];
      }),
    );
    expect(resource?.outputs?.["members"]).toEqual(members);
  });

  it("nothing to do makes no request; a refresh makes one", async () => {
    const stack = engine.stack(set({ observability: "logs", security: "audit" }));
    await stack.mustUp();
    const preview = await stack.preview("--expect-no-changes");
    expect([preview.code, preview.requests]).toEqual([0, []]);
    const refresh = await stack.refresh();
    expect([refresh.code, refresh.requests]).toEqual([0, ["GET /api/v2/org_connections"]]);
  });

  it("one added, one changed, one removed: three writes, in this order", async () => {
    const stack = engine.stack(set({ observability: "logs", security: "audit" }));
    await stack.mustUp();
    stack.program(set({ observability: "logs, metrics", search: "logs" }));
    const preview = await stack.preview();
    expect(preview.output).toMatch(new RegExp(`\\+ ${engine.id("search")}`));
    expect(preview.output).toMatch(new RegExp(`- ${engine.id("security")}`));
    const up = await stack.mustUp();
    expect(writes(up.requests).map((request) => request.split(" ")[0])).toEqual(["POST", "PATCH", "DELETE"]);
    expect(engine.live()).toEqual(["payments → observability: logs, metrics", "payments → search: logs"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("drift of a member shows under its destination, and the next up repairs it", async () => {
    const stack = engine.stack(set({ observability: "logs", security: "audit" }));
    await stack.mustUp();
    const [first, second] = engine.sandbox.connections();
    engine.sandbox.changeTypes(first?.id ?? "", ["logs", "metrics"]);
    engine.sandbox.disconnect(second?.id ?? "");
    const preview = await stack.preview("--refresh");
    expect(preview.output).toMatch(/- +\[1\]: "metrics"/);
    await stack.mustUp("--refresh");
    expect(engine.live()).toEqual(["payments → observability: logs", "payments → security: audit"]);
  });

  it("a forced replacement goes through with deleteBeforeReplace", async () => {
    const stack = engine.stack(set({ observability: "logs" }));
    await stack.mustUp();
    const before = engine.only().id;
    stack.program(set({ observability: "logs" }, "", "deleteBeforeReplace: true"));
    await stack.mustUp("--replace", await stack.urn("all"));
    expect(engine.live()).toEqual(["payments → observability: logs"]);
    expect(engine.only().id).not.toBe(before);
  });

  it("destroy ends the members and nobody else's", async () => {
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    engine.sandbox.connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const stack = engine.stack(set({ observability: "logs" }));
    await stack.mustUp();
    expect((await stack.destroy()).code).toBe(0);
    expect(engine.live()).toEqual(["checkout → payments: logs", "payments → search: logs"]);
  });
});

describe("a set that fails in part", () => {
  it("keeps in the state what is live, and the next up sends only what is missing", async () => {
    const stack = engine.stack(set({ observability: "logs", security: "logs", search: "logs" }));
    const fault = { status: 400, body: { errors: ["no"] }, kind: "status" } as const;
    engine.sandbox.fail({
      on: { route: "createConnection", sinkOrgId: engine.id("security") },
      moment: "before",
      what: fault,
    });
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("Datadog refused the request");
    expect(engine.live()).toEqual(["payments → observability: logs", "payments → search: logs"]);
    const [resource] = await stack.state();
    expect(Object.keys(resource?.outputs?.["members"] as object).sort()).toEqual(
      [engine.id("observability"), engine.id("search")].sort(),
    );
    const up = await stack.mustUp();
    expect(writes(up.requests)).toEqual(["POST /api/v2/org_connections"]);
    expect(engine.live()).toHaveLength(3);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("exclusive", () => {
  it("takes strangers into the state, names them in the next preview, and ends them with the up after it", async () => {
    const stranger = engine.sandbox.connect({
      source: "payments",
      sink: "search",
      connectionTypes: ["logs"],
    });
    engine.sandbox.connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const stack = engine.stack(set({ observability: "logs" }, "exclusive: true"));
    await stack.mustUp();
    expect(engine.live()).toHaveLength(3);
    const preview = await stack.preview();
    expect(preview.output).toContain(`connection ${stranger} is to be ended`);
    await stack.mustUp();
    expect(engine.live()).toEqual(["checkout → payments: logs", "payments → observability: logs"]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("sees a stranger at refresh, and leaves one alone that no preview could show", async () => {
    const stack = engine.stack(set({ observability: "logs" }, "exclusive: true"));
    await stack.mustUp();
    engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
    expect((await stack.mustUp()).requests).toEqual([]);
    expect(engine.live()).toHaveLength(2);
    await stack.refresh();
    await stack.mustUp();
    expect(engine.live()).toEqual(["payments → observability: logs"]);
  });
});

describe("moving", () => {
  it("from single resources to a set and back touches nothing live", async () => {
    const stack = engine.stack(`${single("observability")}\n${single("security")}`);
    await stack.mustUp();
    const ids = engine.sandbox.connections().map(({ id }) => id);
    stack.program(set({ observability: "logs", security: "logs" }, "adopt: true"));
    expect(writes((await stack.mustUp()).requests)).toEqual([]);
    expect(engine.sandbox.connections().map(({ id }) => id)).toEqual(ids);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    stack.program(`${single("observability", "adopt: true")}\n${single("security", "adopt: true")}`);
    expect(writes((await stack.mustUp()).requests)).toEqual([]);
    expect(engine.sandbox.connections().map(({ id }) => id)).toEqual(ids);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

describe("bad input of a set", () => {
  it.each([
    [`{ "nonsense": ["logs"] }`, /connections\["nonsense"\].*is not a UUID/s],
    [`{ "11111111-2222-4333-8444-555555555555": [] }`, /is empty/],
    [`["logs"]`, /connections.*must be an object/s],
  ])("%s fails the preview with the property named", async (connections, message) => {
    const preview = await engine
      .stack(`new OrgConnectionSet("all", { connections: ${connections} });`)
      .preview();
    expect(preview.code).not.toBe(0);
    expect(preview.errors.join()).toMatch(message);
  });

  it.each([
    ["a single connection", () => single("security")],
    ["another set", () => set({ security: "logs" }).replace('"all"', '"more"')],
  ])("an exclusive set is refused beside %s of its organization, in either order", async (_, other) => {
    const exclusive = set({ observability: "logs" }, "exclusive: true");
    for (const program of [`${exclusive}\n${other()}`, `${other()}\n${exclusive}`]) {
      const preview = await engine.stack(program).preview();
      expect(preview.errors.join()).toMatch(
        /OrgConnectionSet "all" is exclusive and would end what OrgConnection\w* "\w+" declares/,
      );
    }
  });

  it("an exclusive set of one organization stands beside connections of another", async () => {
    const stack = engine.stack(
      `${set({ observability: "logs" }, "exclusive: true")}\n${single("security", 'source: "checkout"')}`,
    );
    const { apiKey, appKey } = engine.sandbox.organization("checkout");
    Object.assign(stack.env, {
      DD_API_KEY__CHECKOUT: apiKey,
      DD_APP_KEY__CHECKOUT: appKey,
      DD_HOST__CHECKOUT: engine.sandbox.url,
    });
    expect((await stack.preview()).errors).toEqual([]);
  });

  it("a pair that a single resource declares too is refused, both named", async () => {
    const stack = engine.stack(`${set({ observability: "logs" })}\n${single("observability")}`);
    const preview = await stack.preview();
    expect(preview.errors.join()).toMatch(
      /OrgConnectionSet "all" and OrgConnection "observability" declare the same pair/,
    );
  });
});
