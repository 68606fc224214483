import { describe, expect, test } from "vitest";
import { omitUndefinedDeep } from "../../../core/src/text/data.js";
import { create, read, deleteConnection, update } from "../../../core/src/index.js";
import {
  countCalls,
  createDeclared,
  createEntry,
  catchError,
  UNKNOWN_ID,
  createOperation,
  useSandbox,
} from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;

describe("a live connection", () => {
  test("returns the state from its creation, and the inputs that declare it", async () => {
    const declared = await createDeclared(sandbox(), "payments", "observability", {
      connectionTypes: ["logs"],
      adopt: true,
      reason: "SEC-1",
    });
    const live = await read(createOperation(sandbox()), declared.connectionId, declared.state);
    expect(live?.state).toEqual(declared.state);
    expect(live?.inputs).toEqual({
      source: "payments",
      sinkOrgId: getOrgId("observability"),
      connectionTypes: ["logs"],
      adopt: true,
      reason: "SEC-1",
    });
  });

  test("shows drift of its types in the state and in the inputs", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().changeTypes(connectionId, ["metrics", "audit"]);
    const live = await read(createOperation(sandbox()), connectionId, state);
    expect(live?.state.connectionTypes).toEqual(["audit", "metrics"]);
    expect(live?.inputs.connectionTypes).toEqual(["audit", "metrics"]);
  });

  test("shows drift of unspecified types only in the state", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability", {});
    sandbox().changeTypes(connectionId, ["audit"]);
    const live = await read(createOperation(sandbox()), connectionId, state);
    expect(live?.state).toMatchObject({ connectionTypes: ["audit"], typesUnspecified: true });
    expect(omitUndefinedDeep(live?.inputs)).not.toHaveProperty("connectionTypes");
  });

  test("is found by only its ID and source, as for `get`", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    const live = await read(createOperation(sandbox()), id, { source: "payments" });
    expect(live?.state).toMatchObject({
      source: "payments",
      sinkOrgId: getOrgId("observability"),
      sourceOrgId: getOrgId("payments"),
      connectionTypes: ["audit"],
    });
  });

  test("is found with the credentials of its destination", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const live = await read(createOperation(sandbox()), id, { source: "observability" });
    expect(live?.state.sourceOrgId).toBe(getOrgId("payments"));
  });
});

describe("one listing", () => {
  test("serves many concurrent reads", async () => {
    const declared = await Promise.all(
      ["observability", "security", "checkout"].map((sink) => createDeclared(sandbox(), "payments", sink)),
    );
    sandbox().clearRequests();
    const context = createOperation(sandbox());
    const reads = Array.from({ length: 8 }, () => declared).flat();
    await Promise.all(reads.map(({ connectionId, state }) => read(context, connectionId, state)));
    expect(sandbox().requests).toHaveLength(1);
  });

  test("serves reads one after the other for a minute", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    let now = 0;
    const context = createOperation(sandbox(), { now: () => now });
    for (const [at, listings] of [
      [0, 1],
      [59_999, 1],
      [60_000, 2],
    ] as const) {
      now = at;
      await read(context, connectionId, state);
      expect(countCalls(sandbox(), "listConnections")).toBe(listings);
    }
  });

  test("serves two names with the same credentials", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createOperation(sandbox(), {
      organizations: { alias: createEntry(sandbox(), "payments") },
    });
    await read(context, connectionId, state);
    await read(context, connectionId, { ...state, source: "alias" });
    expect(sandbox().requests).toHaveLength(1);
  });

  test.each([
    ["create", (context: ReturnType<typeof createOperation>) => create(context, createNews("security"))],
    [
      "delete",
      async (context: ReturnType<typeof createOperation>) => {
        const id = sandbox().connect({ source: "payments", sink: "security" });
        await deleteConnection(context, id, { ...createNews("security"), sourceOrgId: getOrgId("payments") });
      },
    ],
    [
      "update",
      async (context: ReturnType<typeof createOperation>) => {
        const [row] = sandbox().listConnections();
        const olds = { ...createNews("observability"), createdAt: "", sourceOrgId: getOrgId("payments") };
        await update(context, row?.id ?? "", olds, {
          ...createNews("observability"),
          connectionTypes: ["audit"],
        });
      },
    ],
  ])("is not used after a %s", async (_, write) => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createOperation(sandbox());
    await read(context, connectionId, state);
    await write(context);
    sandbox().changeTypes(connectionId, ["metrics"]);
    sandbox().clearRequests();
    const live = await read(context, connectionId, state);
    expect(live?.state.connectionTypes).toEqual(["metrics"]);
    expect(sandbox().requests).toHaveLength(1);
  });

  test("that failed is not used for later reads", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createOperation(sandbox());
    sandbox().fail({ moment: "before", what: { kind: "html", status: 200 } });
    expect((await catchError(read(context, connectionId, state))).code).toBe("unexpected-response");
    expect(await read(context, connectionId, state)).toBeDefined();
  });
});

function createNews(sink: string) {
  return { source: "payments", sinkOrgId: getOrgId(sink), connectionTypes: ["logs"] };
}

describe("a connection that is gone", () => {
  test("is gone for its source's credentials, and the next up creates it", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "checkout" });
    sandbox().disconnect(connectionId);
    const context = createOperation(sandbox());
    expect(await read(context, connectionId, state)).toBeUndefined();
    expect(context.warnings).toEqual([expect.stringContaining("creates it again")]);
  });

  test("and was the last one is gone: the list of organizations proves the caller", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    expect(await read(createOperation(sandbox()), connectionId, state)).toBeUndefined();
    expect(countCalls(sandbox(), "listOrganizations")).toBe(1);
  });

  test("is not reported as gone by a listing that is older than the read", async () => {
    const context = createOperation(sandbox());
    await context.getSession("payments").getListing();
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const olds = { ...createNews("observability"), createdAt: "", sourceOrgId: getOrgId("payments") };
    expect(await read(context, id, olds)).toBeDefined();
    expect(countCalls(sandbox(), "listConnections")).toBe(2);
  });

  test("needs one more listing for all connections that are gone", async () => {
    const declared = await Promise.all(
      ["observability", "security", "checkout"].map((sink) => createDeclared(sandbox(), "payments", sink)),
    );
    for (const { connectionId } of declared) sandbox().disconnect(connectionId);
    sandbox().clearRequests();
    const context = createOperation(sandbox());
    const live = await Promise.all(
      declared.map(({ connectionId, state }) => read(context, connectionId, state)),
    );
    expect(live).toEqual([undefined, undefined, undefined]);
    expect(countCalls(sandbox(), "listConnections")).toBe(2);
    expect(countCalls(sandbox(), "listOrganizations")).toBe(1);
  });

  test("and recreated by another user: the warning names the pair's new ID and types", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    const connectionTypes = ["metrics"];
    const newId = sandbox().connect({ source: "payments", sink: "observability", connectionTypes });
    const context = createOperation(sandbox());
    expect(await read(context, connectionId, state)).toBeUndefined();
    expect(context.warnings).toEqual([expect.stringContaining(`${newId} (metrics)`)]);
    expect(context.warnings[0]).toContain("adopt: true");
  });

  test("is not recreated by another organization's connection to the same destination", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    sandbox().connect({ source: "payments", sink: "security" });
    const otherId = sandbox().connect({ source: "checkout", sink: "observability" });
    const context = createOperation(sandbox());
    await read(context, connectionId, state);
    expect(context.warnings.join()).not.toContain(otherId);
  });
});

describe("a connection is never reported as gone", () => {
  test("with credentials of another organization of the same account", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const organizations = { payments: createEntry(sandbox(), "checkout") };
    const context = createOperation(sandbox(), { organizations });
    const error = await catchError(read(context, connectionId, state));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(getOrgId("checkout"));
    expect(error.message).toContain(getOrgId("payments"));
    expect(error.advice).toMatch(/^Set the credentials of the right organization\./);
    expect(context.warnings).toEqual([]);
  });

  test("with credentials of another organization that has connections", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().connect({ source: "checkout", sink: "observability" });
    sandbox().connect({ source: "checkout", sink: "security" });
    sandbox().disconnect(connectionId);
    const organizations = { payments: createEntry(sandbox(), "checkout") };
    const error = await catchError(read(createOperation(sandbox(), { organizations }), connectionId, state));
    expect(error.code).toBe("wrong-organization");
  });

  test("with the destination's credentials: it was declared with the source's", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    const organizations = { payments: createEntry(sandbox(), "observability") };
    const error = await catchError(read(createOperation(sandbox(), { organizations }), connectionId, state));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toMatch(
      /the credentials of the destination.*Otherwise, set the credentials of the source\./,
    );
  });

  test("with credentials of an unproven organization", async () => {
    const id = sandbox().connect({ source: "readonly", sink: "observability" });
    const olds = {
      ...createNews("observability"),
      source: "readonly",
      createdAt: "",
      sourceOrgId: getOrgId("readonly"),
    };
    sandbox().disconnect(id);
    const error = await catchError(read(createOperation(sandbox()), id, olds));
    expect(error.code).toBe("organization-unproven");
    expect(error.message).toContain("org_connections_write");
  });

  test("with a listing of a single pair, which could be of either organization", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().disconnect(connectionId);
    sandbox().connect({ source: "payments", sink: "readonly" });
    const organizations = { payments: createEntry(sandbox(), "readonly") };
    const error = await catchError(read(createOperation(sandbox(), { organizations }), connectionId, state));
    expect(error.code).toBe("organization-unproven");
  });

  test("with a listing that has fewer rows than its own total", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "short-page", drop: 1 } });
    expect((await catchError(read(createOperation(sandbox()), connectionId, state))).code).toBe(
      "incomplete-listing",
    );
  });

  test.each([
    ["refused credentials", { kind: "status", status: 403 }, "forbidden"],
    ["another service's JSON", { kind: "json", body: { data: {} } }, "unexpected-response"],
    ["a login page", { kind: "html", status: 200 }, "unexpected-response"],
    ["a redirect", { kind: "redirect", location: "https://example.com/" }, "redirected"],
    ["a 404", { kind: "status", status: 404 }, "not-found"],
  ] as const)("after %s", async (_, what, code) => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    sandbox().fail({ times: Infinity, moment: "before", what });
    expect((await catchError(read(createOperation(sandbox()), connectionId, state))).code).toBe(code);
  });

  test("if it is unknown and has no state, as with `get`: an error that names the ID", async () => {
    const error = await catchError(read(createOperation(sandbox()), UNKNOWN_ID, { source: "payments" }));
    expect(error.code).toBe("connection-not-found");
    expect(error.message).toContain(UNKNOWN_ID);
  });
});
