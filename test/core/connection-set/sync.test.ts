import { describe, expect, test } from "vitest";
import {
  check,
  checkSet,
  create,
  deleteSet,
  syncSet,
  type SetInputs,
  type SetState,
} from "../../../core/src/index.js";
import { DEPENDS_ON_OTHERS } from "../../../core/src/connection/check.js";
import { createSeed, type Fault } from "../../../sandbox/src/index.js";
import {
  createDeclared,
  createEntry,
  catchError,
  createOperation,
  useSandbox,
  countWrites,
} from "../connection/operation.js";
import { createQuickOperation } from "../connection/quick-operation.js";
import { createDeclaredSet, listLive, catchPartialFailure, createSetInputs } from "./operation.js";

type Declared = [connections: Record<string, string[]>, more?: Partial<SetInputs>];
const sandbox = useSandbox();
const many = useSandbox({ seed: createSeed({ sources: 100 }) });
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const LOGS = { observability: ["logs"] };
const TWO = { observability: ["logs"], security: ["logs"] };
const THREE = { ...TWO, search: ["logs"] };
const refusal = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
const failRequests = (on: Fault["on"]) =>
  sandbox().fail({ ...(on && { on }), moment: "before", what: refusal });
const listWriteMethods = () => sandbox().requests.flatMap(({ method }) => (method === "GET" ? [] : [method]));

/** Runs an update of the state to these connections in an operation of its own, or a create without a state. */
const sync = (olds: SetState | undefined, ...[connections, more]: Declared) =>
  syncSet(createOperation(sandbox()), olds, createSetInputs(sandbox(), connections, more));

describe("a create or update of a set", () => {
  test("sends creates first, then updates, then deletes", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    await sync(olds, { observability: ["audit"], search: ["logs"] });
    expect(listWriteMethods()).toEqual(["POST", "PATCH", "DELETE"]);
    expect(listLive(sandbox())).toEqual(["payments → observability: audit", "payments → search: logs"]);
  });

  test("returns a state with each live member", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS, { reason: "SEC-1" });
    const [row] = sandbox().listConnections();
    const { name } = sandbox().getOrganization("observability");
    expect(state).toEqual({
      ...createSetInputs(sandbox(), LOGS, { reason: "SEC-1" }),
      members: {
        [getOrgId("observability")]: {
          id: row?.id,
          sinkOrgName: name,
          createdAt: row?.createdAt,
          createdBy: row?.createdBy,
        },
      },
      sourceOrgId: getOrgId("payments"),
      sourceOrgName: sandbox().getOrganization("payments").name,
    });
  });

  test("needs no request for a change of only the reason", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    const state = await sync(olds, TWO, { reason: "SEC-2" });
    expect(state).toEqual({ ...olds, reason: "SEC-2" });
    expect(sandbox().requests).toEqual([]);
  });

  test.each([
    ["types", { observability: ["audit"] }, {}],
    ["the reason", LOGS, { reason: "SEC-2" }],
  ])("of only %s shows that this operation is not a preview", async (_, connections, more) => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox());
    await syncSet(context, olds, createSetInputs(sandbox(), connections, more));
    sandbox().clearRequests();
    // The create itself finds the same problems.
    await check(context, {}, { source: "payments", sinkOrgId: getOrgId("search") });
    expect([context.ledger.hasStartedChanges, sandbox().requests]).toEqual([true, []]);
  });

  test("writes nothing with credentials of another organization than the state's", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const context = createOperation(sandbox(), {
      organizations: { payments: createEntry(sandbox(), "checkout") },
    });
    const error = await catchError(syncSet(context, olds, createSetInputs(sandbox(), TWO)));
    expect(error.code).toBe("wrong-organization");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("checks a configured id before the first write", async () => {
    const payments = createEntry(sandbox(), "payments", { id: getOrgId("checkout") });
    const context = createOperation(sandbox(), { organizations: { payments } });
    const error = await catchError(syncSet(context, undefined, createSetInputs(sandbox(), {})));
    expect(error.code).toBe("wrong-organization");
  });

  test("does not create a set of an unproven organization", async () => {
    sandbox().setPermissions("payments", ["org_connections_read"]);
    const error = await catchError(sync(undefined, LOGS));
    expect(error.code).toBe("organization-unproven");
    expect(error.message).toContain("nothing proves to which organization");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("reports a member that is gone and what to do next", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    sandbox().disconnect(olds.members[getOrgId("observability")]?.id ?? "");
    const part = await catchPartialFailure(sync(olds, { observability: ["audit"] }));
    expect(part.reasons.map(({ message }) => message)).toEqual([
      expect.stringContaining("pulumi up --refresh"),
    ]);
  });
});

describe("connections that the set did not create", () => {
  test("are adopted only with adopt, and are then retained when another resource deletes them", async () => {
    const existing = await createDeclared(sandbox(), "payments", "observability");
    const part = await catchPartialFailure(sync(undefined, LOGS));
    expect(part.state.members).toEqual({});
    const context = createOperation(sandbox());
    const adopted = await syncSet(context, undefined, createSetInputs(sandbox(), LOGS, { adopt: true }));
    expect(adopted.members[getOrgId("observability")]?.id).toBe(existing.connectionId);
    expect(context.ledger.explainRetention(existing.connectionId)).toBeDefined();
  });

  test("are created again if a resource of another package, on which the set depends, has deleted them since", async () => {
    const existing = await createDeclared(sandbox(), "payments", "observability");
    const context = createOperation(sandbox());
    const inputs = createSetInputs(sandbox(), LOGS, { adopt: true });
    await checkSet(context, {}, { ...inputs, [DEPENDS_ON_OTHERS]: true });
    sandbox().disconnect(existing.connectionId);
    const { members } = await syncSet(context, undefined, inputs);
    expect(sandbox().listConnections()).toMatchObject([{ id: members[getOrgId("observability")]?.id }]);
  });

  test("are not changed by a set that is not exclusive", async () => {
    sandbox().connect({ source: "payments", sink: "search", connectionTypes: ["audit"] });
    const olds = await createDeclaredSet(sandbox(), TWO);
    expect(olds).not.toHaveProperty("undeclared");
    await sync(olds, LOGS);
    expect(listLive(sandbox())).toEqual(["payments → observability: logs", "payments → search: audit"]);
  });

  test("are deleted by an exclusive set if its state has them, and otherwise added to its state", async () => {
    const shown = sandbox().connect({ source: "payments", sink: "search" });
    sandbox().connect({ source: "checkout", sink: "payments", connectionTypes: ["logs"] });
    const olds = await createDeclaredSet(sandbox(), LOGS, { exclusive: true });
    expect(olds.undeclared).toEqual({ [getOrgId("search")]: shown });
    const later = sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    const state = await sync(olds, LOGS, { exclusive: true });
    expect(state.undeclared).toEqual({ [getOrgId("security")]: later });
    expect(state.connections[getOrgId("security")]).toEqual(["audit"]);
    expect(listLive(sandbox())).toEqual([
      "checkout → payments: logs",
      "payments → observability: logs",
      "payments → security: audit",
    ]);
  });
});

test("a recreated connection of a member's pair does not change the member's types", async () => {
  const olds = await createDeclaredSet(sandbox(), LOGS);
  sandbox().disconnect(olds.members[getOrgId("observability")]?.id ?? "");
  sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
  const state = await sync(olds, LOGS, { exclusive: true });
  expect(state).toEqual({ ...olds, exclusive: true });
});

describe("a partial failure", () => {
  test.each([
    ["a create", "createConnection", {}],
    ["an adoption's change", "updateConnection", { adopt: true }],
  ] as const)(
    "%s that fails does not stop others, and its pair is not in the state",
    async (_, route, more) => {
      sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
      const inputs = createSetInputs(
        sandbox(),
        route === "createConnection" ? { ...LOGS, search: ["logs"] } : THREE,
        more,
      );
      failRequests({ route, ...(route === "createConnection" && { sinkOrgId: getOrgId("observability") }) });
      const { state, reasons } = await catchPartialFailure(
        syncSet(createOperation(sandbox()), undefined, inputs),
      );
      expect(reasons).toHaveLength(1);
      const failed = route === "createConnection" ? "observability" : "security";
      const rest = Object.keys(inputs.connections).filter((sink) => sink !== getOrgId(failed));
      expect(Object.keys(state.members).sort()).toEqual(rest.sort());
      expect(Object.keys(state.connections).sort()).toEqual(rest.sort());
    },
  );

  test("a failed change of types leaves the old types in the state", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    failRequests({ route: "updateConnection", connectionId: olds.members[getOrgId("security")]?.id ?? "" });
    const news = createSetInputs(sandbox(), { observability: ["audit"], security: ["audit"] });
    const { state } = await catchPartialFailure(syncSet(createOperation(sandbox()), olds, news));
    expect(state.connections).toEqual({
      [getOrgId("observability")]: ["audit"],
      [getOrgId("security")]: ["logs"],
    });
    sandbox().clearRequests();
    await syncSet(createOperation(sandbox()), state, news);
    expect(listWriteMethods()).toEqual(["PATCH"]);
  });

  test("each failure names its destination, and equal failures are merged", async () => {
    const olds = await createDeclaredSet(sandbox(), THREE);
    const sinks = ["observability", "security", "search"].map(getOrgId).sort();
    const messages = new Map(sinks.map((sink, at) => [sink, at === 2 ? "other" : "no"]));
    for (const [sink, message] of messages) {
      const what = { ...refusal, body: { errors: [message] } };
      const connectionId = olds.members[sink]?.id ?? "";
      sandbox().fail({ on: { route: "updateConnection", connectionId }, moment: "before", what });
    }
    const changed = Object.keys(THREE).map((key): [string, string[]] => [key, ["audit"]]);
    const { reasons } = await catchPartialFailure(sync(olds, Object.fromEntries(changed)));
    const [a, b, c] = sinks.map((sink) => `${olds.members[sink]?.sinkOrgName ?? ""} (${sink})`);
    expect(reasons.map(({ message }) => message.slice(0, message.indexOf(" as invalid")))).toEqual([
      `For 2 destinations (${a}, ${b}): Datadog rejected the request for organization "payments"`,
      `For destination ${c}: Datadog rejected the request for organization "payments"`,
    ]);
  });

  test("a failed delete leaves the member in the state, a successful one does not", async () => {
    const olds = await createDeclaredSet(sandbox(), THREE);
    failRequests({ route: "deleteConnection", connectionId: olds.members[getOrgId("security")]?.id ?? "" });
    const { state } = await catchPartialFailure(sync(olds, LOGS));
    expect(state.connections).toEqual({
      [getOrgId("observability")]: ["logs"],
      [getOrgId("security")]: ["logs"],
    });
    expect(Object.keys(state.members)).toHaveLength(2);
  });

  test("a declared connection that exists, and so was not created, is not undeclared in the state of an exclusive set", async () => {
    sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["audit"] });
    const undeclared = sandbox().connect({ source: "payments", sink: "search" });
    const both = { observability: ["logs"], security: ["logs"] };
    const inputs = createSetInputs(sandbox(), both, { exclusive: true });
    const { state, reasons } = await catchPartialFailure(
      syncSet(createOperation(sandbox()), undefined, inputs),
    );
    expect(reasons).toEqual([expect.objectContaining({ code: "pair-exists" })]);
    expect(state.undeclared).toEqual({ [getOrgId("search")]: undeclared });
    expect(Object.keys(state.connections).sort()).toEqual(
      [getOrgId("observability"), getOrgId("search")].sort(),
    );
  });

  test("the state has what an exclusive set created, even if the following listing fails", async () => {
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    sandbox().fail({ on: { route: "listConnections" }, skip: 2, moment: "before", what });
    const inputs = createSetInputs(sandbox(), LOGS, { exclusive: true });
    const { state } = await catchPartialFailure(syncSet(createOperation(sandbox()), undefined, inputs));
    expect(Object.keys(state.members)).toEqual([getOrgId("observability")]);
  });

  test("in an outage, the remaining changes are skipped, and the next update makes them", async () => {
    const olds = await createDeclaredSet(many(), LOGS);
    const keys = Array.from({ length: 100 }, (_, at) => [`source-${at + 1}`, ["logs"]] as const);
    // All destinations are created except one, which is updated; none is deleted.
    const news = createSetInputs(many(), { ...Object.fromEntries(keys), observability: ["audit"] });
    many().fail({ on: { route: "createConnection" }, times: Infinity, moment: "before", what: refusal });
    const { state, reasons } = await catchPartialFailure(syncSet(createOperation(many()), olds, news));
    expect(state.connections).toEqual(olds.connections);
    const creates = countWrites(many());
    expect(creates).toBeGreaterThanOrEqual(32);
    expect(creates).toBeLessThan(64);
    const five = Object.keys(news.connections)
      .filter((sink) => sink !== getOrgId("observability"))
      .slice(0, 5);
    expect(reasons).toHaveLength(2);
    expect(reasons[0]?.message).toContain(
      `For ${creates} destinations (${five.join(", ")} and ${creates - 5} more): Datadog rejected`,
    );
    expect(reasons[1]?.message).toMatch(
      new RegExp(`^${101 - creates} more changes of .*payments.* \\[bad-request\\]$`),
    );

    many().clearFaults();
    many().clearRequests();
    await syncSet(createOperation(many()), state, news);
    expect(countWrites(many())).toBe(101);
  });

  test("a bug in one change does not lose the state of the others", async () => {
    const olds = await createDeclaredSet(sandbox(), TWO);
    const meanwhile = (call: string, number: number) => {
      if (call === "update" && number === 1) throw new TypeError("a bug");
    };
    const news = createSetInputs(sandbox(), { observability: ["audit"], security: ["audit"] });
    const part = await catchPartialFailure(
      syncSet(createQuickOperation(sandbox(), { meanwhile }), olds, news),
    );
    expect(part.reasons.map(String)).toEqual(["TypeError: a bug"]);
    expect(Object.values(part.state.connections).sort()).toEqual([["audit"], ["logs"]]);
  });
});

test("a set creates its members again that another set has just deleted", async () => {
  const olds = await createDeclaredSet(sandbox(), LOGS);
  const context = createOperation(sandbox());
  await deleteSet(context, olds);
  const state = await syncSet(context, olds, createSetInputs(sandbox(), LOGS));
  expect(
    sandbox()
      .listConnections()
      .map(({ id }) => id),
  ).toEqual([state.members[getOrgId("observability")]?.id]);
});

test("a single connection moves into a set in one operation without a live change", async () => {
  const existing = await create(createOperation(sandbox()), {
    source: "payments",
    sinkOrgId: getOrgId("observability"),
    connectionTypes: ["logs"],
  });
  sandbox().clearRequests();
  await sync(undefined, TWO, { adopt: true });
  expect(listWriteMethods()).toEqual(["POST"]);
  expect(
    sandbox()
      .listConnections()
      .some(({ id }) => id === existing.connectionId),
  ).toBe(true);
});
