import { describe, expect, test } from "vitest";
import type { Listing } from "../../../core/src/api/paging.js";
import type { Connection } from "../../../core/src/api/parse.js";
import { isCreatedByThisOperation } from "../../../core/src/connection/attribution.js";
import { create } from "../../../core/src/index.js";
import { CONNECTION, countCalls, catchError, UNKNOWN_ID, useSandbox } from "./operation.js";
import { createQuickOperation } from "./quick-operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = (sink = "observability") => ({
  source: "payments",
  sinkOrgId: getOrgId(sink),
  connectionTypes: ["logs", "metrics"],
});
const countCreates = () => countCalls(sandbox(), "createConnection");
/** The next create has no effect and no response. */
const failNextCreate = (times = 1) =>
  sandbox().fail({ on: { route: "createConnection" }, times, moment: "before", what: { kind: "reset" } });

describe("after an unknown outcome, a live connection was created by this operation", () => {
  const BEGUN = Date.parse("2026-03-01T12:00:00Z");
  const toTimestamp = (ms: number) => new Date(BEGUN + ms).toISOString().replace("Z", "000+00:00");
  const createLive = (more: Partial<Connection> = {}): Connection => ({
    id: CONNECTION,
    source: { id: "a" },
    sink: { id: "b" },
    createdBy: { id: "us" },
    createdAt: toTimestamp(500),
    connectionTypes: ["logs"],
    ...more,
  });
  const createBaseline = (connections: Connection[] = []): Listing => ({ connections, date: BEGUN });
  const undated: Listing = { connections: [] };
  const omit = (...names: (keyof Connection)[]) =>
    Object.fromEntries(
      Object.entries(createLive()).filter(([name]) => !names.includes(name as keyof Connection)),
    );

  test.each<[string, boolean, Connection, Listing, string | undefined, string[]?]>([
    ["if it is new, later, and created by our user", true, createLive(), createBaseline(), "us"],
    ["if its creator is unknown", true, omit("createdBy") as unknown as Connection, createBaseline(), "us"],
    ["if our user is unknown", true, createLive({ createdBy: { id: "them" } }), createBaseline(), undefined],
    [
      "if it was created in the second of the listing",
      true,
      createLive({ createdAt: toTimestamp(0) }),
      createBaseline(),
      "us",
    ],
    [
      "if it was created a second before, because a Date is rounded",
      true,
      createLive({ createdAt: toTimestamp(-1000) }),
      createBaseline(),
      "us",
    ],
    [
      "if other pairs existed before",
      true,
      createLive(),
      createBaseline([
        createLive({ sink: { id: "c" } }),
        createLive({ source: { id: "b" }, sink: { id: "a" } }),
      ]),
      "us",
    ],
    [
      "not if another user created it",
      false,
      createLive({ createdBy: { id: "them" } }),
      createBaseline(),
      "us",
    ],
    ["not if its pair existed before", false, createLive(), createBaseline([createLive()]), "us"],
    [
      "not if its pair existed before with another ID",
      false,
      createLive(),
      createBaseline([createLive({ id: UNKNOWN_ID })]),
      "us",
    ],
    [
      "not if it was created more than a second before",
      false,
      createLive({ createdAt: toTimestamp(-1001) }),
      createBaseline(),
      "us",
    ],
    [
      "not if it was created an hour before",
      false,
      createLive({ createdAt: toTimestamp(-3_600_000) }),
      createBaseline(),
      undefined,
    ],
    ["not if the baseline has no Date", false, createLive(), undated, "us"],
    [
      "not if its creation time is invalid",
      false,
      createLive({ createdAt: "yesterday" }),
      createBaseline(),
      "us",
    ],
    ["not if its source is unknown", false, omit("source") as unknown as Connection, createBaseline(), "us"],
    [
      "not if its destination is unknown",
      false,
      omit("sink") as unknown as Connection,
      createBaseline(),
      "us",
    ],
    ["if it has the types that were sent", true, createLive(), createBaseline(), "us", ["logs"]],
    ["not if it has other types", false, createLive(), createBaseline(), "us", ["audit"]],
    ["not if it has fewer types", false, createLive(), createBaseline(), undefined, ["audit", "logs"]],
  ])("%s: %s", (_, isExpected, connection, before, user, sent) => {
    expect(isCreatedByThisOperation(connection, before, user, sent, { isDeleted: () => false })).toBe(
      isExpected,
    );
  });

  test.each<[string, boolean, string, string[]]>([
    ["if this operation has deleted the earlier connection of its pair", true, UNKNOWN_ID, [UNKNOWN_ID]],
    ["not if this operation has deleted another connection", false, UNKNOWN_ID, ["another"]],
    ["not if it is the connection that was being deleted", false, CONNECTION, [CONNECTION]],
  ])("%s: %s", (_, isExpected, id, deletedIds) => {
    expect(
      isCreatedByThisOperation(createLive(), createBaseline([createLive({ id })]), "us", undefined, {
        isDeleted: (one) => deletedIds.includes(one),
      }),
    ).toBe(isExpected);
  });
});

test("a new connection of a pair that this operation has just deleted counts as created, despite the unknown outcome", async () => {
  const before = sandbox().connect({ source: "payments", sink: "observability" });
  const context = createQuickOperation(sandbox());
  await context.getSession("payments").getBaselineListing();
  sandbox().disconnect(before);
  await context.ledger.delete(before, () => Promise.resolve());
  sandbox().fail({ on: { route: "createConnection" }, moment: "after", what: { kind: "reset" } });
  const { connectionId } = await create(context, createInputs());
  expect(sandbox().listConnections()).toMatchObject([{ id: connectionId }]);
  expect(connectionId).not.toBe(before);
});

describe("another user who connects the same pair during a create with an unknown outcome", () => {
  const getOtherUser = () => sandbox().getOrganization("security").user;
  /** The earlier create to the security organization shows which user we are. */
  async function createConcurrently(
    more: { adopt?: boolean } = {},
    adoptAll = false,
    connectionTypes = ["audit"],
  ) {
    let id = "";
    const context = createQuickOperation(sandbox(), {
      adoptAll,
      meanwhile: (call, number) => {
        if (call !== "create" || number !== 2) return;
        id = sandbox().connect({
          source: "payments",
          sink: "observability",
          connectionTypes,
          createdBy: getOtherUser(),
        });
      },
    });
    await create(context, createInputs("security"));
    failNextCreate();
    sandbox().clearRequests();
    const created = await create(context, { ...createInputs(), ...more }).catch((error: unknown) => error);
    return { id, created, context };
  }
  const getTypes = (id: string) =>
    sandbox()
      .listConnections()
      .find((row) => row.id === id)?.connectionTypes;

  test("has a connection that is not adopted without `adopt`: the error names the ID and the creator", async () => {
    const { id, created } = await createConcurrently();
    expect(created).toMatchObject({ code: "pair-exists" });
    expect((created as Error).message).toContain(`${id} (audit), created by ${getOtherUser().name}`);
    expect(getTypes(id)).toEqual(["audit"]);
    expect(countCreates()).toBe(1);
    expect(countCalls(sandbox(), "updateConnection")).toBe(0);
  });

  test("has a connection that does not count as ours even with the same types", async () => {
    const { id, created } = await createConcurrently({}, false, ["logs", "metrics"]);
    expect(created).toMatchObject({ code: "pair-exists" });
    expect((created as Error).message).toContain(id);
  });

  test.each([
    ["`adopt`", { adopt: true }, false],
    ["adoption for one run", {}, true],
  ])("has a connection that is adopted with %s, and retained", async (_, more, adoptAll) => {
    const { id, created, context } = await createConcurrently(more, adoptAll);
    expect(created).toMatchObject({ connectionId: id, state: { createdBy: getOtherUser().id } });
    expect(getTypes(id)).toEqual(["logs", "metrics"]);
    expect(context.ledger.explainRetention(id)).toContain("adopted it");
  });

  test("before our user is known: a connection with other types does not count as ours", async () => {
    const context = createQuickOperation(sandbox(), {
      meanwhile: (call, number) => {
        if (call !== "create" || number !== 1) return;
        const row = { source: "payments", sink: "observability", createdBy: getOtherUser() };
        sandbox().connect({ ...row, connectionTypes: ["audit"] });
      },
    });
    failNextCreate();
    expect((await catchError(create(context, createInputs()))).code).toBe("pair-exists");
    expect(sandbox().listConnections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  });

  test("has an earlier connection, which is not ours either: 409 after an unknown outcome", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", createdBy: getOtherUser() });
    failNextCreate();
    const error = await catchError(create(createQuickOperation(sandbox()), createInputs()));
    expect(error.code).toBe("pair-exists");
    expect(error.message).toContain(id);
    expect(getTypes(id)).toEqual(["logs"]);
  });

  test("in another organization with the same destination does not affect the create", async () => {
    const context = createQuickOperation(sandbox(), {
      meanwhile: (call, number) => {
        if (call === "create" && number === 1)
          sandbox().connect({ source: "checkout", sink: "observability" });
      },
    });
    failNextCreate();
    const { connectionId } = await create(context, createInputs());
    expect(sandbox().listConnections()).toContainEqual(
      expect.objectContaining({ id: connectionId, sourceOrgId: getOrgId("payments") }),
    );
    expect(countCreates()).toBe(2);
  });
});

test("a 409 to an organization as its own destination adopts no connection to that organization", async () => {
  const id = sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["audit"] });
  const what = { kind: "status", status: 409 } as const;
  sandbox().fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what });
  const context = createQuickOperation(sandbox(), { adoptAll: true });
  expect((await catchError(create(context, createInputs("payments")))).code).toBe("pair-exists");
  expect(context.ledger.explainRetention(id)).toBeUndefined();
  expect(countCalls(sandbox(), "updateConnection")).toBe(0);
});

test("after a 409 without an unknown outcome, the connection does not count as ours, even if our user created it a moment ago", async () => {
  const context = createQuickOperation(sandbox());
  await context.getSession("payments").getBaselineListing();
  const id = sandbox().connect({
    source: "payments",
    sink: "observability",
    connectionTypes: ["logs", "metrics"],
  });
  const error = await catchError(create(context, createInputs()));
  expect(error.code).toBe("pair-exists");
  expect(error.message).toContain(id);
});
