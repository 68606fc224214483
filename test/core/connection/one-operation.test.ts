/** What one operation remembers of its deletions, adoptions and declared pairs. */
import { describe, expect, test } from "vitest";
import {
  check,
  checkSet,
  create,
  diff,
  diffSet,
  deleteConnection,
  syncSet,
} from "../../../core/src/index.js";
import {
  countCalls,
  countWrites,
  createDeclared,
  createEntry,
  createOperation,
  catchError,
  useSandbox,
} from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = (sink = "observability") => ({
  source: "payments",
  sinkOrgId: getOrgId(sink),
  connectionTypes: ["logs", "metrics"],
});
const countCreates = () => countCalls(sandbox(), "createConnection");

describe("a pair whose connection this operation has deleted", () => {
  test("is absent in the baseline, so a create with an unknown outcome is ours", async () => {
    const { connectionId: old, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox());
    await context.getSession("payments").getBaselineListing();
    await deleteConnection(context, old, state);
    sandbox().fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
    const { connectionId } = await create(context, createInputs());
    expect(connectionId).not.toBe(old);
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
  });

  test("is never adopted during the deletion, not even with `adopt`", async () => {
    const { connectionId } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox(), { adoptAll: true });
    await context.ledger.delete(connectionId, () => Promise.resolve());
    const error = await catchError(create(context, { ...createInputs(), adopt: true }));
    expect(error.code).toBe("pair-exists");
    expect(countCreates()).toBe(3);
    expect(context.ledger.explainRetention(connectionId)).toBeUndefined();
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("is reported with the connection that is being deleted, and not as one to adopt", async () => {
    const { connectionId } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox());
    await context.ledger.delete(connectionId, () => Promise.resolve());
    const { code, message, facts } = await catchError(create(context, createInputs()));
    expect(code).toBe("pair-exists");
    expect(message).toContain(`still shares data with Acme Observability: connection ${connectionId} (logs)`);
    expect(message).toContain("This operation is deleting it");
    expect(message).toContain("Run `pulumi up` again.");
    expect(message).not.toMatch(/cannot be identified|adopt|Nothing was changed/);
    expect(facts.status).toBe(409);
  });

  test("is created again as soon as the old connection is gone", async () => {
    const { connectionId: old } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox(), {
      meanwhile: (call, number) => {
        if (call === "create" && number === 1) sandbox().disconnect(old);
      },
    });
    await context.ledger.delete(old, () => Promise.resolve());
    const { connectionId } = await create(context, { ...createInputs(), adopt: true });
    expect(connectionId).not.toBe(old);
    expect(countCreates()).toBe(2);
  });

  test("is recorded as deleted, even if the connection was already gone", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox());
    await deleteConnection(context, connectionId, state);
    await deleteConnection(context, connectionId, state);
    expect(context.ledger.isDeleted(connectionId)).toBe(true);
  });
});

describe("adoption for one run", () => {
  const connectExisting = () =>
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });

  test("adopts an existing pair whatever the program says, and does not change `adopt` in the state", async () => {
    const id = connectExisting();
    const { connectionId, state } = await create(createQuickOperation(sandbox(), { adoptAll: true }), {
      ...createInputs(),
      adopt: false,
    });
    expect(connectionId).toBe(id);
    expect(state).toMatchObject({ adopt: false, connectionTypes: ["logs", "metrics"] });
  });

  test("prevents the deletion of the pair in the same operation", async () => {
    const id = connectExisting();
    const context = createQuickOperation(sandbox(), { adoptAll: true });
    const { state } = await create(context, createInputs());
    await deleteConnection(context, id, state);
    expect(sandbox().listConnections()).toMatchObject([{ id }]);
    expect(context.warnings).toEqual([expect.stringMatching(/was not deleted.*adopted it/)]);
  });

  test("creates a missing connection by one write", async () => {
    await create(createQuickOperation(sandbox(), { adoptAll: true }), createInputs());
    expect(countWrites(sandbox())).toBe(1);
  });
});

describe("a retained connection", () => {
  test("is not deleted with any credentials: no request, and no credentials are needed", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    const context = createQuickOperation(sandbox(), {
      organizations: { payments: createEntry(sandbox(), "checkout") },
    });
    context.ledger.declareOldPair(state.source, state.sinkOrgId);
    await diff(context, connectionId, state, { ...createInputs(), connectionTypes: state.connectionTypes });
    await deleteConnection(context, connectionId, { ...state, source: "unknown" });
    expect(sandbox().requests).toEqual([]);
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test("does not retain another one", async () => {
    const one = await createDeclared(sandbox(), "payments", "observability");
    const other = await createDeclared(sandbox(), "payments", "security");
    const context = createQuickOperation(sandbox());
    await diff(context, one.connectionId, one.state, createInputs());
    await deleteConnection(context, other.connectionId, other.state);
    expect(sandbox().listConnections()).toMatchObject([{ id: one.connectionId }]);
  });
});

describe("a pair in the old inputs of this program's resource", () => {
  const createOldInputs = () => ({ source: "payments", sinkOrgId: getOrgId("observability") });

  test("may exist if check runs again without old inputs, as for a replacement", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const context = createQuickOperation(sandbox());
    await check(context, createOldInputs(), { ...createOldInputs(), sinkOrgId: getOrgId("security") });
    expect((await check(context, {}, createOldInputs())).failures).toEqual([]);
  });

  test("does not affect another pair", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    const context = createQuickOperation(sandbox());
    await check(context, createOldInputs(), createOldInputs());
    const { failures } = await check(context, {}, { ...createOldInputs(), sinkOrgId: getOrgId("security") });
    expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  });

  test("does not affect the same destination of another source", async () => {
    sandbox().connect({ source: "checkout", sink: "observability" });
    const context = createQuickOperation(sandbox());
    await check(context, createOldInputs(), createOldInputs());
    const { failures } = await check(context, {}, { ...createOldInputs(), source: "checkout" });
    expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  });

  test("is still an error in create without adoption", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const context = createQuickOperation(sandbox());
    await check(context, createOldInputs(), createOldInputs());
    expect((await catchError(create(context, createInputs()))).code).toBe("pair-exists");
  });
});

describe("a new connection of a source that was another organization in the state of a resource that stays", () => {
  /** Starts an operation in which "payments" has the keys of another organization. */
  const start = (of = "checkout", checks: "online" | "offline" = "online") =>
    createOperation(sandbox(), { organizations: { payments: createEntry(sandbox(), of) }, checks });
  type Context = ReturnType<typeof start>;
  const formatFailure = () =>
    new RegExp(
      `Creating a connection failed: .* belong to organization ${getOrgId("checkout")}, not to ${getOrgId("payments")}\\. ` +
        "Other connections of this source .* Set the credentials of that organization, .* \\[wrong-organization\\]$",
    );
  const getMessage = async (work: Promise<unknown>) => (await catchError(work)).message;
  const saveConnection = async () => {
    const { connectionId, state } = await createDeclared(
      sandbox(),
      "payments",
      "observability",
      createInputs(),
    );
    return async (context: Context, news = createInputs()) => {
      await check(context, createInputs(), news);
      return diff(context, connectionId, state, news);
    };
  };
  const saveSet = async () => {
    const inputs = { source: "payments", connections: { [getOrgId("observability")]: ["logs"] } };
    const state = await syncSet(createOperation(sandbox()), undefined, inputs);
    return async (context: Context) => {
      await checkSet(context, inputs, inputs);
      return diffSet(context, state, inputs);
    };
  };
  const addConnection = async (context: Context) =>
    (await check(context, {}, createInputs("security"))).failures.map(({ reason }) => reason);
  const addSet = async (context: Context) => {
    const news = { source: "payments", connections: { [getOrgId("security")]: ["logs"] } };
    return (await checkSet(context, {}, news)).failures.map(({ reason }) => reason);
  };

  test.each([
    { saved: "connection", save: saveConnection, added: "connection", add: addConnection },
    { saved: "set", save: saveSet, added: "connection", add: addConnection },
    { saved: "connection", save: saveConnection, added: "set", add: addSet },
  ])("is refused in any order: a $saved stays, a $added is new", async ({ save, add }) => {
    const compare = await save();
    const first = start();
    expect(await compare(first)).toEqual({ change: "none" });
    expect(await add(first)).toEqual([expect.stringMatching(formatFailure())]);
    const second = start();
    expect(await add(second)).toEqual([]);
    expect(await getMessage(compare(second))).toMatch(formatFailure());
    expect(countWrites(sandbox())).toBe(save === saveSet ? 1 : 0);
  });

  test.each<{ but: string; createContext?: () => Context; change?: (context: Context) => unknown }>([
    { but: "with its own keys", createContext: () => start("payments") },
    { but: "with `checks: offline`", createContext: () => start("checkout", "offline") },
    {
      but: "without proof",
      change: () => sandbox().setPermissions("checkout", ["org_connections_read"]),
    },
    {
      but: "after a move of the other one",
      change: (context) => context.ledger.recordProviderMove("probable"),
    },
  ])("is not refused $but", async ({ createContext = start, change }) => {
    const compare = await saveConnection();
    const context = createContext();
    change?.(context);
    await compare(context);
    expect(await addConnection(context)).toEqual([]);
  });

  test("is not refused if the other one is no longer declared", async () => {
    const { connectionId, state } = await createDeclared(
      sandbox(),
      "payments",
      "observability",
      createInputs(),
    );
    const context = start();
    await diff(context, connectionId, state, createInputs());
    expect(await addConnection(context)).toEqual([]);
  });
});
