import { describe, expect, test, vi } from "vitest";
import { create, deleteConnection, update } from "../../../core/src/index.js";
import type { Fault, FaultAction } from "../../../sandbox/src/index.js";
import { countCalls, createDeclared, catchError, useSandbox } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = () => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs", "metrics"],
});
const countCreates = () => countCalls(sandbox(), "createConnection");

/** Faults that leave the outcome of a write unknown. For a hang, the client needs a short timeout. */
const FAULTS: FaultAction[] = [
  { kind: "reset" },
  { kind: "truncate" },
  { kind: "status", status: 500 },
  { kind: "status", status: 502 },
  { kind: "status", status: 503 },
  { kind: "status", status: 504 },
  { kind: "html" },
  { kind: "html", status: 200 },
  // Refusals and redirects that are not from the API: an intermediary may have forwarded the write.
  { kind: "html", status: 403 },
  { kind: "html", status: 404 },
  { kind: "redirect", location: "https://login.example.com/" },
  { kind: "json", body: { data: [] } },
  { kind: "json", body: "ok" },
  { kind: "huge", bytes: 17 * 1024 * 1024 },
  { kind: "hang" },
];
const createContext = (what: FaultAction, more: Parameters<typeof createQuickOperation>[1] = {}) =>
  createQuickOperation(sandbox(), {
    ...more,
    ...(what.kind === "hang" && { client: { requestTimeoutMs: 400, retry: { maxAttempts: 2 } } }),
  });
const failWrite = (
  route: "createConnection" | "updateConnection" | "deleteConnection",
  what: FaultAction,
  fault: Omit<Partial<Fault>, "on" | "what"> = {},
) => sandbox().fail({ on: { route }, moment: "after", ...fault, what });
/** The first attempt takes effect, but gets no response. Then the API refuses the second one. */
const failWriteThenRefuse = (route: "updateConnection" | "deleteConnection") => {
  failWrite(route, { kind: "reset" });
  failWrite(route, { kind: "status", status: 403 }, { moment: "before" });
};
/** From now on, listings fail. */
const failListings = (skip = 0) =>
  sandbox().fail({
    on: { route: "listConnections" },
    skip,
    times: Infinity,
    moment: "before",
    what: { kind: "status", status: 403 },
  });

describe("a create with an unknown outcome", () => {
  test.each(FAULTS)("after the write, by $kind $status: the connection is found", async (what) => {
    failWrite("createConnection", what);
    const { connectionId, state } = await create(createContext(what), createInputs());
    const live = sandbox().listConnections();
    expect(live).toMatchObject([{ id: connectionId, connectionTypes: ["logs", "metrics"] }]);
    expect(state).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      sourceOrgId: getOrgId("payments"),
      sinkOrgName: "Acme Observability",
      createdAt: live[0]?.createdAt,
      createdBy: live[0]?.createdBy,
    });
    expect(countCreates()).toBe(1);
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("after the write: the connection is found although the list after it fails once, with headers of the rate limit", async () => {
    const headers = { "X-RateLimit-Remaining": "900", "X-RateLimit-Reset": "3000" };
    const what = { kind: "status", status: 503, headers } as const;
    failWrite("createConnection", what);
    sandbox().fail({ on: { route: "listConnections" }, skip: 1, moment: "before", what });
    const { connectionId } = await create(createContext(what), createInputs());
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
    expect(countCreates()).toBe(1);
  });

  test.each(FAULTS)("before the write, by $kind $status: it is sent again", async (what) => {
    failWrite("createConnection", what, { moment: "before" });
    const { connectionId } = await create(createContext(what), createInputs());
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
    expect(countCreates()).toBe(2);
  });

  test.each(FAULTS)("each time before the write, by $kind $status: three attempts at most", async (what) => {
    failWrite("createConnection", what, { moment: "before", times: Infinity });
    const error = await catchError(create(createContext(what), createInputs()));
    expect(error.code).toBe("outcome-unknown");
    expect(countCreates()).toBe(3);
    expect(sandbox().listConnections()).toEqual([]);
  });

  test("twice before and once after the write: still exactly one", async () => {
    failWrite("createConnection", { kind: "reset" }, { moment: "before", times: 2 });
    failWrite("createConnection", { kind: "reset" });
    const { connectionId } = await create(createQuickOperation(sandbox()), createInputs());
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
    expect(countCreates()).toBe(3);
  });

  test("without types: the connection with Datadog's types is found and not changed", async () => {
    failWrite("createConnection", { kind: "reset" });
    const { source, sinkOrgId } = createInputs();
    const { connectionId, state } = await create(createQuickOperation(sandbox()), { source, sinkOrgId });
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId, connectionTypes: ["logs"] }]);
    expect(state.typesUnspecified).toBe(true);
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("is found among those of other pairs", async () => {
    sandbox().connect({ source: "checkout", sink: "observability" });
    sandbox().connect({ source: "payments", sink: "security" });
    failWrite("createConnection", { kind: "truncate" });
    const { connectionId } = await create(createQuickOperation(sandbox()), createInputs());
    const pair = { sourceOrgId: getOrgId("payments"), sinkOrgId: getOrgId("observability") };
    expect(sandbox().listConnections().at(-1)).toMatchObject({ id: connectionId, ...pair });
  });
});

describe("a create that takes effect after its timeout", () => {
  /** Waits until all requests have taken effect. */
  const waitForRequests = () =>
    vi.waitUntil(() =>
      sandbox()
        .requests.filter(({ route }) => route === "createConnection")
        .every(({ status }) => status !== undefined),
    );

  test("during the next attempt: exactly one connection, and its ID", async () => {
    failWrite("createConnection", { kind: "delay", ms: 700 }, { moment: "before", times: 3 });
    const { connectionId } = await create(
      createQuickOperation(sandbox(), { client: { requestTimeoutMs: 500 } }),
      createInputs(),
    );
    await waitForRequests();
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
    expect(countCreates()).toBeLessThanOrEqual(3);
  });

  test("between the listing and the next attempt, which gets 409: it is ours", async () => {
    failWrite("createConnection", { kind: "hang" }, { moment: "before" });
    let id: string | undefined;
    // The first listing is the baseline, the second is the one after the timeout.
    const meanwhile = (call: string, number: number) => {
      if (call !== "list" || number !== 2) return;
      const { connectionTypes } = createInputs();
      id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes });
    };
    const { connectionId } = await create(
      createQuickOperation(sandbox(), { client: { requestTimeoutMs: 400 }, meanwhile }),
      createInputs(),
    );
    expect(connectionId).toBe(id);
    expect(sandbox().listConnections()).toHaveLength(1);
    expect(countCreates()).toBe(2);
  });

  test("after all attempts: the outcome is unknown, and the next run with adoption has exactly that connection", async () => {
    failWrite("createConnection", { kind: "reset" }, { moment: "before", times: 3 });
    const error = await catchError(create(createQuickOperation(sandbox()), createInputs()));
    expect(error.code).toBe("outcome-unknown");
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    expect((await catchError(create(createQuickOperation(sandbox()), createInputs()))).code).toBe(
      "pair-exists",
    );
    expect(
      (await create(createQuickOperation(sandbox(), { adoptAll: true }), createInputs())).connectionId,
    ).toBe(id);
    expect(sandbox().listConnections()).toMatchObject([{ id, connectionTypes: ["logs", "metrics"] }]);
  });
});

describe("an outcome that stays unknown", () => {
  test("reports what happened, for which organization, and what to do: run again, and adopt once if it exists", async () => {
    failWrite("createConnection", { kind: "status", status: 502 });
    failListings(1);
    const { message, code } = await catchError(create(createQuickOperation(sandbox()), createInputs()));
    expect(code).toBe("outcome-unknown");
    expect(message).toContain('organization "payments"');
    expect(message).toContain(getOrgId("observability"));
    expect(message).toContain("the create got no valid response");
    expect(message).toContain("502");
    expect(message).toContain("Run `pulumi up` again");
    expect(message).toContain("DATADOG_ORG_CONNECTIONS_ADOPT=true");
    expect(message).not.toMatch(/nothing was changed|was not created|does not exist/i);
  });

  test.each<[string, FaultAction]>([
    ["the listing is refused", { kind: "status", status: 403 }],
    ["the listing is short of its total", { kind: "short-page", drop: 1 }],
    ["the listing is a login page", { kind: "html", status: 200 }],
    ["the listing gets no response", { kind: "reset" }],
  ])("because %s: the create is not sent again", async (_, what) => {
    failWrite("createConnection", { kind: "reset" });
    sandbox().fail({ on: { route: "listConnections" }, skip: 1, times: Infinity, moment: "before", what });
    const error = await catchError(create(createQuickOperation(sandbox()), createInputs()));
    expect(error.code).toBe("outcome-unknown");
    // With that field, the engine would treat it as a partial failure.
    expect(error).not.toHaveProperty("id");
    expect(countCreates()).toBe(1);
  });

  test("because the caller cannot be determined: nothing is adopted", async () => {
    sandbox().fail({
      on: { route: "listOrganizations" },
      times: Infinity,
      moment: "before",
      what: { kind: "status", status: 500 },
    });
    failWrite("createConnection", { kind: "reset" });
    expect((await catchError(create(createQuickOperation(sandbox()), createInputs()))).code).toBe(
      "outcome-unknown",
    );
    expect(countCreates()).toBe(1);
  });
});

test("a create is not sent if the baseline fails: an unknown outcome could not be resolved", async () => {
  failListings();
  expect((await catchError(create(createQuickOperation(sandbox()), createInputs()))).code).toBe("forbidden");
  expect(countCreates()).toBe(0);
});

describe("an update with an unknown outcome", () => {
  const runUpdate = async (
    what: FaultAction,
    fault: Omit<Partial<Fault>, "on" | "what">,
    doListingsFail = false,
  ) => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    failWrite("updateConnection", what, { times: Infinity, ...fault });
    // The organizations prove the caller.
    if (doListingsFail) failListings();
    return update(createContext(what), connectionId, state, createInputs());
  };
  const getLiveTypes = () => sandbox().listConnections()[0]?.connectionTypes;

  test.each(FAULTS)("after the write, by $kind $status: is a success", async (what) => {
    const state = await runUpdate(what, { moment: "after" });
    expect(getLiveTypes()).toEqual(["logs", "metrics"]);
    expect(state).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      sinkOrgName: "Acme Observability",
    });
  });

  test.each(FAULTS)("before the write, by $kind $status: is an error", async (what) => {
    const { message } = await catchError(runUpdate(what, { moment: "before" }));
    expect(getLiveTypes()).toEqual(["logs"]);
    expect(message).not.toMatch(/was changed|is gone/);
  });

  test("after the write, and listings fail: is an error that makes no claim about the outcome", async () => {
    const { code, message } = await catchError(runUpdate({ kind: "status", status: 500 }, {}, true));
    expect(code).toBe("server-error");
    expect(message).not.toMatch(/was not changed|nothing was changed/i);
  });

  test("once: the second attempt succeeds", async () => {
    await runUpdate({ kind: "reset" }, { times: 1 });
    expect(getLiveTypes()).toEqual(["logs", "metrics"]);
  });
});

describe("a write that takes effect without a response, and is refused when it is sent again", () => {
  test("is a success if it is an update", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    failWriteThenRefuse("updateConnection");
    const operation = createQuickOperation(sandbox());
    const { connectionTypes } = await update(operation, connectionId, state, createInputs());
    expect(connectionTypes).toEqual(["logs", "metrics"]);
    expect(countCalls(sandbox(), "updateConnection")).toBe(2);
  });

  test("is a success if it is a deletion", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    failWriteThenRefuse("deleteConnection");
    await deleteConnection(createQuickOperation(sandbox()), connectionId, state);
    expect(sandbox().listConnections()).toEqual([]);
    expect(countCalls(sandbox(), "deleteConnection")).toBe(2);
  });

  test("is an error with both failures if listings fail", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    failWriteThenRefuse("deleteConnection");
    failListings(1);
    const error = await catchError(deleteConnection(createQuickOperation(sandbox()), connectionId, state));
    expect(error.code).toBe("connection-failed");
    expect(error.happened).toContain("The last attempt was rejected");
  });
});

describe("a change of types on adoption with an unknown outcome", () => {
  const adopt = (what: FaultAction, moment: Fault["moment"]) => {
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    failWrite("updateConnection", what, { times: Infinity, moment });
    return create(createContext(what), { ...createInputs(), adopt: true });
  };

  test.each(FAULTS)("after the write, by $kind $status: is a success", async (what) => {
    const { connectionId, state } = await adopt(what, "after");
    expect(sandbox().listConnections()).toMatchObject([
      { id: connectionId, connectionTypes: ["logs", "metrics"] },
    ]);
    expect(state.connectionTypes).toEqual(["logs", "metrics"]);
  });

  test("before the write: is an error, and nothing changed", async () => {
    await catchError(adopt({ kind: "reset" }, "before"));
    expect(sandbox().listConnections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  });
});

describe("a deletion with an unknown outcome", () => {
  const runDelete = async (
    what: FaultAction,
    fault: Omit<Partial<Fault>, "on" | "what">,
    doListingsFail = false,
  ) => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    failWrite("deleteConnection", what, { times: Infinity, ...fault });
    if (doListingsFail) failListings(1);
    const operation = createContext(what);
    return { operation, connectionId, done: deleteConnection(operation, connectionId, state) };
  };

  test.each(FAULTS)("after the write, by $kind $status: is a success", async (what) => {
    const { operation, done } = await runDelete(what, { moment: "after" });
    await done;
    expect(sandbox().listConnections()).toEqual([]);
    expect(operation.warnings).toEqual([]);
  });

  test.each(FAULTS)(
    "before the write, by $kind $status: is an error, and the connection is live",
    async (what) => {
      const { operation, connectionId, done } = await runDelete(what, { moment: "before" });
      const { message } = await catchError(done);
      expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
      expect(message).not.toMatch(/was deleted|is gone/);
      // It may be adopted again.
      expect(operation.ledger.isDeleted(connectionId)).toBe(false);
    },
  );

  test("after the write, and listings fail: is an error that makes no claim about the outcome", async () => {
    const { done } = await runDelete({ kind: "status", status: 500 }, {}, true);
    const { code, message } = await catchError(done);
    expect(code).toBe("server-error");
    expect(message).not.toMatch(/was not deleted|still lives|is gone/);
  });

  test("is an error after a 404 if a listing still has the connection, which may be adopted", async () => {
    const { operation, connectionId, done } = await runDelete(
      { kind: "status", status: 404 },
      { moment: "before" },
    );
    expect((await catchError(done)).code).toBe("not-found");
    expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
    expect(operation.ledger.isDeleted(connectionId)).toBe(false);
  });

  test("and a recreated connection of the pair: the success reports that the data is still shared", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability");
    failWrite("deleteConnection", { kind: "reset" });
    const operation = createQuickOperation(sandbox());
    const before = sandbox().fail({
      on: { route: "deleteConnection" },
      moment: "before",
      what: { kind: "delay", ms: 300 },
    });
    const done = deleteConnection(operation, connectionId, state);
    await vi.waitUntil(() => before.fired === 1, { interval: 5 });
    const recreated = sandbox().connect({ source: "payments", sink: "observability" });
    await done;
    expect(sandbox().listConnections()).toMatchObject([{ id: recreated }]);
    expect(operation.warnings).toEqual([expect.stringContaining(recreated)]);
  });
});
