import { describe, expect, test } from "vitest";
import { withoutUndefined } from "../../../core/src/api/defined.js";
import { create, read, remove, update } from "../../../core/src/index.js";
import { count, declared, entryOf, failureOf, NOBODY, operation, useSandbox } from "./operation.js";

const sandbox = useSandbox();
const idOf = (key: string) => sandbox().organization(key).id;

describe("a connection that lives", () => {
  test("is read as it was created, and so are the inputs that declare it", async () => {
    const made = await declared(sandbox(), "payments", "observability", {
      connectionTypes: ["logs"],
      adopt: true,
      reason: "SEC-1",
    });
    const seen = await read(operation(sandbox()), made.connectionId, made.recorded);
    expect(seen?.recorded).toEqual(made.recorded);
    expect(seen?.wanted).toEqual({
      source: "payments",
      sinkOrgId: idOf("observability"),
      connectionTypes: ["logs"],
      adopt: true,
      reason: "SEC-1",
    });
  });

  test("shows drift of its types in the state and in the inputs", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().changeTypes(connectionId, ["metrics", "audit"]);
    const seen = await read(operation(sandbox()), connectionId, recorded);
    expect(seen?.recorded.connectionTypes).toEqual(["audit", "metrics"]);
    expect(seen?.wanted.connectionTypes).toEqual(["audit", "metrics"]);
  });

  test("shows drift of unmanaged types in the state only", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability", {});
    sandbox().changeTypes(connectionId, ["audit"]);
    const seen = await read(operation(sandbox()), connectionId, recorded);
    expect(seen?.recorded).toMatchObject({ connectionTypes: ["audit"], unmanagedTypes: true });
    expect(withoutUndefined(seen?.wanted)).not.toHaveProperty("connectionTypes");
  });

  test("is found by its id and source alone, as `get` asks", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    const seen = await read(operation(sandbox()), id, { source: "payments" });
    expect(seen?.recorded).toMatchObject({
      source: "payments",
      sinkOrgId: idOf("observability"),
      sourceOrgId: idOf("payments"),
      connectionTypes: ["audit"],
    });
  });

  test("is found with the keys of its sink", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const seen = await read(operation(sandbox()), id, { source: "observability" });
    expect(seen?.recorded.sourceOrgId).toBe(idOf("payments"));
  });
});

describe("one listing", () => {
  test("serves many reads at once", async () => {
    const made = await Promise.all(
      ["observability", "security", "checkout"].map((sink) => declared(sandbox(), "payments", sink)),
    );
    sandbox().clearRequests();
    const world = operation(sandbox());
    const reads = Array.from({ length: 8 }, () => made).flat();
    await Promise.all(reads.map(({ connectionId, recorded }) => read(world, connectionId, recorded)));
    expect(sandbox().requests).toHaveLength(1);
  });

  test("serves reads one after the other for a minute", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    let now = 0;
    const world = operation(sandbox(), { now: () => now });
    for (const [at, listings] of [
      [0, 1],
      [59_999, 1],
      [60_000, 2],
    ] as const) {
      now = at;
      await read(world, connectionId, recorded);
      expect(count(sandbox(), "listConnections")).toBe(listings);
    }
  });

  test("serves two names with the same keys", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = operation(sandbox(), { organizations: { twin: entryOf(sandbox(), "payments") } });
    await read(world, connectionId, recorded);
    await read(world, connectionId, { ...recorded, source: "twin" });
    expect(sandbox().requests).toHaveLength(1);
  });

  test.each([
    ["create", (world: ReturnType<typeof operation>) => create(world, news("security"))],
    [
      "delete",
      async (world: ReturnType<typeof operation>) => {
        const id = sandbox().connect({ source: "payments", sink: "security" });
        await remove(world, id, { ...news("security"), sourceOrgId: idOf("payments") });
      },
    ],
    [
      "update",
      async (world: ReturnType<typeof operation>) => {
        const [row] = sandbox().connections();
        const olds = { ...news("observability"), createdAt: "", sourceOrgId: idOf("payments") };
        await update(world, row?.id ?? "", olds, { ...news("observability"), connectionTypes: ["audit"] });
      },
    ],
  ])("is dropped after a %s", async (_, write) => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = operation(sandbox());
    await read(world, connectionId, recorded);
    await write(world);
    sandbox().changeTypes(connectionId, ["metrics"]);
    sandbox().clearRequests();
    const seen = await read(world, connectionId, recorded);
    expect(seen?.recorded.connectionTypes).toEqual(["metrics"]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("that failed serves nobody who asks later", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const world = operation(sandbox());
    sandbox().fail({ moment: "before", what: { kind: "html", status: 200 } });
    expect((await failureOf(read(world, connectionId, recorded))).code).toBe("unexpected-answer");
    expect(await read(world, connectionId, recorded)).toBeDefined();
  });
});

function news(sink: string) {
  return { source: "payments", sinkOrgId: idOf(sink), connectionTypes: ["logs"] };
}

describe("a connection that is gone", () => {
  test("is gone for its source's keys, and the next up creates it", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "checkout" });
    sandbox().disconnect(connectionId);
    const world = operation(sandbox());
    expect(await read(world, connectionId, recorded)).toBeUndefined();
    expect(world.warnings).toEqual([expect.stringContaining("creates it again")]);
  });

  test("and was the last one: gone, as the list of organizations proves", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    expect(await read(operation(sandbox()), connectionId, recorded)).toBeUndefined();
    expect(count(sandbox(), "listOrganizations")).toBe(1);
  });

  test("is not taken for gone by a listing older than the read", async () => {
    const world = operation(sandbox());
    await world.session("payments").listing();
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const olds = { ...news("observability"), createdAt: "", sourceOrgId: idOf("payments") };
    expect(await read(world, id, olds)).toBeDefined();
    expect(count(sandbox(), "listConnections")).toBe(2);
  });

  test("costs one more listing for all that are gone at once", async () => {
    const made = await Promise.all(
      ["observability", "security", "checkout"].map((sink) => declared(sandbox(), "payments", sink)),
    );
    for (const { connectionId } of made) sandbox().disconnect(connectionId);
    sandbox().clearRequests();
    const world = operation(sandbox());
    const seen = await Promise.all(
      made.map(({ connectionId, recorded }) => read(world, connectionId, recorded)),
    );
    expect(seen).toEqual([undefined, undefined, undefined]);
    expect(count(sandbox(), "listConnections")).toBe(2);
    expect(count(sandbox(), "listOrganizations")).toBe(1);
  });

  test("and made anew by somebody else: the warning names the pair's new id and types", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    const connectionTypes = ["metrics"];
    const newId = sandbox().connect({ source: "payments", sink: "observability", connectionTypes });
    const world = operation(sandbox());
    expect(await read(world, connectionId, recorded)).toBeUndefined();
    expect(world.warnings).toEqual([expect.stringContaining(`${newId} (metrics)`)]);
    expect(world.warnings[0]).toContain("adopt: true");
  });

  test("is no twin of another organization's connection to the same sink", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    sandbox().connect({ source: "payments", sink: "security" });
    const otherId = sandbox().connect({ source: "checkout", sink: "observability" });
    const world = operation(sandbox());
    await read(world, connectionId, recorded);
    expect(world.warnings.join()).not.toContain(otherId);
  });
});

describe("a connection is never called gone", () => {
  test("by keys of a stranger of the same account", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    const stranger = { payments: entryOf(sandbox(), "checkout") };
    const world = operation(sandbox(), { organizations: stranger });
    const error = await failureOf(read(world, connectionId, recorded));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(idOf("checkout"));
    expect(error.message).toContain(idOf("payments"));
    expect(world.warnings).toEqual([]);
  });

  test("by keys of a stranger with connections of its own", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().connect({ source: "checkout", sink: "observability" });
    sandbox().connect({ source: "checkout", sink: "security" });
    sandbox().disconnect(connectionId);
    const organizations = { payments: entryOf(sandbox(), "checkout") };
    const error = await failureOf(read(operation(sandbox(), { organizations }), connectionId, recorded));
    expect(error.code).toBe("wrong-organization");
  });

  test("by the sink's keys: it was declared with the source's", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    const organizations = { payments: entryOf(sandbox(), "observability") };
    const error = await failureOf(read(operation(sandbox(), { organizations }), connectionId, recorded));
    expect(error.code).toBe("wrong-organization");
  });

  test("by keys of which nobody can tell whose they are", async () => {
    const id = sandbox().connect({ source: "readonly", sink: "observability" });
    const olds = {
      ...news("observability"),
      source: "readonly",
      createdAt: "",
      sourceOrgId: idOf("readonly"),
    };
    sandbox().disconnect(id);
    const error = await failureOf(read(operation(sandbox()), id, olds));
    expect(error.code).toBe("organization-unproven");
    expect(error.message).toContain("org_connections_write");
  });

  test("by a listing of a single pair, which fits two organizations", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    sandbox().connect({ source: "payments", sink: "readonly" });
    const organizations = { payments: entryOf(sandbox(), "readonly") };
    const error = await failureOf(read(operation(sandbox(), { organizations }), connectionId, recorded));
    expect(error.code).toBe("organization-unproven");
  });

  test("by a listing that lacks rows against its own total", async () => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "short-page", drop: 1 } });
    expect((await failureOf(read(operation(sandbox()), connectionId, recorded))).code).toBe(
      "incomplete-listing",
    );
  });

  test.each([
    ["refused keys", { kind: "status", status: 403 }, "forbidden"],
    ["another service's JSON", { kind: "json", body: { data: {} } }, "unexpected-answer"],
    ["a login page", { kind: "html", status: 200 }, "unexpected-answer"],
    ["a redirect", { kind: "redirect", location: "https://example.com/" }, "redirected"],
    ["a 404", { kind: "status", status: 404 }, "not-found"],
  ] as const)("by %s", async (_, what, code) => {
    const { connectionId, recorded } = await declared(sandbox(), "payments", "observability");
    sandbox().fail({ times: Infinity, moment: "before", what });
    expect((await failureOf(read(operation(sandbox()), connectionId, recorded))).code).toBe(code);
  });

  test("when it is unknown and no state tells whose it was, as with `get`: an error that names the id", async () => {
    const error = await failureOf(read(operation(sandbox()), NOBODY, { source: "payments" }));
    expect(error.code).toBe("connection-missing");
    expect(error.message).toContain(NOBODY);
  });
});
