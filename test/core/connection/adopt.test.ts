import { describe, expect, test } from "vitest";
import { check, create, deleteConnection } from "../../../core/src/index.js";
import { DELETE_BEFORE_REPLACE, DEPENDS_ON_OTHERS } from "../../../core/src/connection/check.js";
import { sentinels } from "../../../sandbox/src/index.js";
import { listCalls, countCalls, catchError, createOperation, useSandbox, countWrites } from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = () => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs", "metrics"],
});
const connectExisting = (connectionTypes = ["logs"], source = "payments") =>
  sandbox().connect({ source, sink: "observability", connectionTypes });

describe("a pair that exists, without `adopt`", () => {
  test("is an error that names the destination, the ID and its types, and changes nothing", async () => {
    const id = connectExisting(["audit", "logs"]);
    const error = await catchError(create(createOperation(sandbox()), createInputs()));
    expect(error).toMatchObject({ code: "pair-exists", facts: { status: 409 } });
    expect(error.message).toContain("Acme Observability");
    expect(error.message).toContain(`${id} (audit, logs)`);
    expect(sandbox().listConnections()).toMatchObject([{ id, connectionTypes: ["audit", "logs"] }]);
    expect(countWrites(sandbox())).toBe(1);
  });

  test("lists the solutions in this order: aliases, deleteBeforeReplace, adopt", async () => {
    connectExisting();
    const { message } = await catchError(create(createOperation(sandbox()), createInputs()));
    const places = ["aliases", "deleteBeforeReplace: true", "adopt: true"].map((way) => message.indexOf(way));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test("is found among other pairs with the same destination or source", async () => {
    sandbox().connect({ source: "checkout", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "observability", sink: "payments" });
    const id = connectExisting();
    expect((await catchError(create(createOperation(sandbox()), createInputs()))).message).toContain(id);
  });

  test("is not adopted with `adopt: false`", async () => {
    connectExisting();
    const error = await catchError(create(createOperation(sandbox()), { ...createInputs(), adopt: false }));
    expect(error.code).toBe("pair-exists");
  });

  test("is not read from an old listing: a new one is requested after the refusal", async () => {
    const context = createOperation(sandbox());
    await context.getSession("payments").getListing();
    const id = connectExisting();
    expect((await catchError(create(context, createInputs()))).message).toContain(id);
  });
});

describe("a pair that exists, with `adopt`", () => {
  test("is adopted, and one PATCH changes its types if they differ", async () => {
    const id = connectExisting(["audit"]);
    const { connectionId, state } = await create(createOperation(sandbox()), {
      ...createInputs(),
      adopt: true,
    });
    expect(connectionId).toBe(id);
    expect(sandbox().listConnections()).toMatchObject([{ id, connectionTypes: ["logs", "metrics"] }]);
    expect(countCalls(sandbox(), "updateConnection")).toBe(1);
    expect(state).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: sandbox().listConnections()[0]?.createdAt,
      adopt: true,
    });
  });

  test("is not changed if its types are the declared ones in any order", async () => {
    const id = connectExisting(["metrics", "logs"]);
    expect((await create(createOperation(sandbox()), { ...createInputs(), adopt: true })).connectionId).toBe(
      id,
    );
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("keeps its types if the program does not specify them", async () => {
    connectExisting(["audit", "metrics"]);
    const { source, sinkOrgId } = createInputs();
    const { state } = await create(createOperation(sandbox()), { source, sinkOrgId, adopt: true });
    expect(state).toMatchObject({ connectionTypes: ["audit", "metrics"], typesUnspecified: true });
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("keeps its creator", async () => {
    const createdBy = { ...sandbox().getOrganization("security").user, name: "Another User" };
    sandbox().connect({ source: "payments", sink: "observability", createdBy });
    const { state } = await create(createOperation(sandbox()), { ...createInputs(), adopt: true });
    expect(state.createdBy).toBe(createdBy.id);
  });

  test("a new pair is created", async () => {
    await create(createOperation(sandbox()), { ...createInputs(), adopt: true });
    expect(listCalls(sandbox())).not.toContain("updateConnection");
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test("no create is sent if the connection existed before", async () => {
    connectExisting(["logs", "metrics"]);
    await create(createOperation(sandbox()), { ...createInputs(), adopt: true });
    expect(countWrites(sandbox())).toBe(0);
  });

  test("read-only credentials are enough if its types are the declared ones", async () => {
    const id = connectExisting(["logs", "metrics"]);
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().setPermissions("payments", ["org_connections_read"]);
    expect((await create(createOperation(sandbox()), { ...createInputs(), adopt: true })).connectionId).toBe(
      id,
    );
  });

  test("a connection that is gone since the baseline is created", async () => {
    let at = 0;
    const context = createOperation(sandbox(), { now: () => at });
    const before = connectExisting();
    await context.getSession("payments").getBaselineListing();
    sandbox().disconnect(before);
    at += 61_000;
    const { connectionId } = await create(context, { ...createInputs(), adopt: true });
    expect(connectionId).not.toBe(before);
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
  });

  test("a connection that this operation is deleting is not adopted without a create", async () => {
    const id = connectExisting();
    const context = createOperation(sandbox());
    await context.ledger.delete(id, () => Promise.resolve());
    expect((await catchError(create(context, { ...createInputs(), adopt: true }))).code).toBe("pair-exists");
    expect(countCalls(sandbox(), "createConnection")).toBeGreaterThan(0);
  });

  test("a row is not adopted without a create if the caller is not proven", async () => {
    connectExisting(["logs", "metrics"]);
    sandbox().setPermissions("observability", ["org_connections_read"]);
    const news = { ...createInputs(), source: "observability", adopt: true };
    expect((await catchError(create(createOperation(sandbox()), news))).code).toBe("forbidden");
  });

  test("a refusal without a live connection adopts nothing", async () => {
    connectExisting();
    const news = { ...createInputs(), sinkOrgId: sentinels.conflict, adopt: true };
    const error = await catchError(create(createOperation(sandbox()), news));
    expect(error.code).toBe("pair-exists");
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("another organization's connection to the same destination is never adopted", async () => {
    connectExisting(["audit"], "checkout");
    const what = { kind: "status", status: 409 } as const;
    sandbox().fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what });
    const error = await catchError(create(createOperation(sandbox()), { ...createInputs(), adopt: true }));
    expect(error.code).toBe("pair-exists");
    expect(sandbox().listConnections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  });
});

describe("a connection that this operation adopted", () => {
  test("is not deleted by the deletion of another resource in the same operation, and the output reports it", async () => {
    const id = connectExisting();
    const context = createOperation(sandbox());
    const { state } = await create(context, { ...createInputs(), adopt: true });
    sandbox().clearRequests();
    await deleteConnection(context, id, state);
    expect(sandbox().listConnections()).toHaveLength(1);
    expect(sandbox().requests).toEqual([]);
    expect(context.warnings).toEqual([
      expect.stringMatching(new RegExp(`${id}.*was not deleted.*adopted it`)),
    ]);
  });

  test("can be deleted in the next operation", async () => {
    const id = connectExisting();
    const { state } = await create(createOperation(sandbox()), { ...createInputs(), adopt: true });
    await deleteConnection(createOperation(sandbox()), id, state);
    expect(sandbox().listConnections()).toEqual([]);
  });
});

describe("a connection that another provider may delete before it is replaced", () => {
  const news = () => ({ ...createInputs(), adopt: true });

  test.each([
    ["deleteBeforeReplace", DELETE_BEFORE_REPLACE],
    ["dependsOn with a resource of another package", DEPENDS_ON_OTHERS],
  ])(
    "is created again if it is gone by then, although the listing of the checks has it: %s",
    async (_, marker) => {
      const before = connectExisting();
      const context = createOperation(sandbox());
      await check(context, {}, { ...news(), [marker]: true });
      sandbox().disconnect(before);
      const { connectionId } = await create(context, news());
      expect(connectionId).not.toBe(before);
      expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
    },
  );

  test("is created again by another resource of the program too", async () => {
    const before = connectExisting();
    const context = createOperation(sandbox());
    await check(context, {}, { ...news(), sinkOrgId: getOrgId("security"), [DELETE_BEFORE_REPLACE]: true });
    sandbox().disconnect(before);
    expect((await create(context, news())).connectionId).not.toBe(before);
  });

  test("is adopted with two listings, and without `deleteBeforeReplace` with one", async () => {
    for (const [marker, count] of [[true, 2] as const, [undefined, 1] as const]) {
      connectExisting(["logs", "metrics"]);
      const context = createOperation(sandbox());
      sandbox().clearRequests();
      await check(context, {}, { ...news(), [DELETE_BEFORE_REPLACE]: marker });
      await create(context, news());
      expect([countCalls(sandbox(), "listConnections"), countWrites(sandbox())]).toEqual([count, 0]);
      sandbox().reset();
    }
  });

  test("costs no listing if the resource with `deleteBeforeReplace` is unchanged", async () => {
    connectExisting(["logs", "metrics"]);
    const context = createOperation(sandbox());
    const unchanged = { ...news(), sinkOrgId: getOrgId("security") };
    await check(context, unchanged, { ...unchanged, [DELETE_BEFORE_REPLACE]: true });
    await create(context, news());
    expect(countCalls(sandbox(), "listConnections")).toBe(1);
  });
});
