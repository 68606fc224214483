/** The state that a preview shows: a known value is what the change results in, and costs no request. */
import { describe, expect, test } from "vitest";
import {
  check,
  create,
  planCreate,
  planUpdate,
  markUnknowns,
  UNKNOWN,
  update,
  type Inputs,
} from "../../../core/src/index.js";
import { createDeclared, createEntry, createOperation, UNKNOWN_ID, useSandbox } from "./operation.js";
import { expectPlanHolds, listKnown } from "./plan-expectations.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = (more: Partial<Inputs> = {}): Inputs => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs"],
  ...more,
});

/** Plans a create after its check, and expects that the plan costs no request. */
async function planAfterCheck(inputs: Inputs, context = createOperation(sandbox())) {
  await check(context, {}, { ...inputs });
  const requests = sandbox().requests.length;
  const plan = await planCreate(context, inputs);
  expect(sandbox().requests).toHaveLength(requests);
  return plan;
}

const createUp = () => createOperation(sandbox());

describe("a create", () => {
  test("knows its organizations, and not what Datadog decides", async () => {
    const { connectionId, state } = await planAfterCheck(createInputs({ reason: "SEC-1" }));
    expect(connectionId).toBeUndefined();
    expect(state).toEqual({
      ...createInputs({ reason: "SEC-1" }),
      typesUnspecified: undefined,
      sourceOrgId: getOrgId("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: "Acme Observability",
      createdAt: UNKNOWN,
      createdBy: UNKNOWN,
    });
    expectPlanHolds(state, (await create(createUp(), createInputs({ reason: "SEC-1" }))).state);
  });

  test("without types does not know them", async () => {
    const inputs = createInputs({ connectionTypes: undefined });
    const { state } = await planAfterCheck(inputs);
    expect(state).toMatchObject({ connectionTypes: UNKNOWN, typesUnspecified: true });
    expectPlanHolds(state, (await create(createUp(), inputs)).state);
  });

  test("knows names and the organization without the permission to list organizations", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "search" });
    sandbox().fail({
      on: { route: "listOrganizations" },
      moment: "before",
      what: { kind: "status", status: 403, body: { errors: ["Forbidden"] } },
      times: Infinity,
    });
    const { state } = await planAfterCheck(createInputs());
    expect(state).toMatchObject({
      sourceOrgId: getOrgId("payments"),
      sourceOrgName: "Acme Payments",
      sinkOrgName: UNKNOWN,
    });
  });

  test.each(["online", "offline"] as const)(
    "knows only the configured id after %s checks that show nothing",
    async (checks) => {
      sandbox().fail({
        moment: "before",
        what: { kind: "status", status: 403, body: { errors: ["Forbidden"] } },
        times: Infinity,
      });
      const inputs = ["connectionTypes", "sinkOrgId", "source"];
      const organizations = { payments: createEntry(sandbox(), "payments", { id: getOrgId("payments") }) };
      const withId = await planAfterCheck(
        createInputs(),
        createOperation(sandbox(), { checks, organizations }),
      );
      expect(listKnown(withId.state)).toEqual([...inputs, "sourceOrgId"].sort());
      const without = await planAfterCheck(createInputs(), createOperation(sandbox(), { checks }));
      expect(listKnown(without.state)).toEqual(inputs);
    },
  );

  test("offline sends no request and needs no credentials", async () => {
    const context = createOperation(sandbox(), { checks: "offline", organizations: { payments: undefined } });
    expect(listKnown((await planAfterCheck(createInputs(), context)).state)).not.toContain("sourceOrgId");
    expect(sandbox().requests).toEqual([]);
  });

  test("without credentials knows only the inputs", async () => {
    const { state } = await planAfterCheck(createInputs({ source: "unconfigured" }));
    expect(listKnown(state)).toEqual(["connectionTypes", "sinkOrgId", "source"]);
  });

  test.each<[string, Partial<Inputs>, string[]]>([
    ["source", { source: UNKNOWN }, ["connectionTypes", "sinkOrgId"]],
    ["sinkOrgId", { sinkOrgId: UNKNOWN }, ["connectionTypes", "source", "sourceOrgId", "sourceOrgName"]],
    [
      "connectionTypes",
      { connectionTypes: ["logs", UNKNOWN] },
      ["sinkOrgId", "sinkOrgName", "source", "sourceOrgId", "sourceOrgName"],
    ],
  ])("with an unknown %s", async (_, unknown, known) => {
    expect(listKnown((await planAfterCheck(createInputs(unknown))).state)).toEqual(known);
  });
});

describe("an adoption", () => {
  const adopt = true;

  test("knows the ID, the creator, the time and the types", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    const inputs = createInputs({ adopt, connectionTypes: undefined });
    const { connectionId, state } = await planAfterCheck(inputs);
    expect(connectionId).toBe(id);
    expect(state).toMatchObject({ connectionTypes: ["audit"], typesUnspecified: true });
    expect(listKnown(state)).toEqual(expect.arrayContaining(["createdAt", "createdBy"]));
    const created = await create(createUp(), inputs);
    expect(created.connectionId).toBe(id);
    expectPlanHolds(state, created.state);
  });

  test("with other types knows the new ones", async () => {
    sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    const { state } = await planAfterCheck(createInputs({ adopt }));
    expectPlanHolds(state, (await create(createUp(), createInputs({ adopt }))).state);
  });

  test("of a pair that another resource gives up is not certain", async () => {
    const { state: olds } = await createDeclared(sandbox(), "payments", "observability");
    const context = createOperation(sandbox());
    // The other resource moves to another destination, so its connection may be gone before the create.
    await check(context, { ...createInputs() }, { ...createInputs(), sinkOrgId: getOrgId("security") });
    const { connectionId, state } = await planAfterCheck(createInputs({ adopt }), context);
    expect(connectionId).toBeUndefined();
    expect(state).toMatchObject({ createdAt: UNKNOWN });
    expect(olds.createdAt).not.toBe(UNKNOWN);
  });
});

describe("an update", () => {
  test.each<[string, Partial<Inputs>]>([
    ["of types", { connectionTypes: ["audit", "logs"] }],
    ["of the reason", { reason: "SEC-2" }],
    ["that no longer specifies types", { connectionTypes: undefined, adopt: true }],
  ])("%s keeps what the state has", async (_, change) => {
    const { connectionId, state: olds } = await createDeclared(sandbox(), "payments", "observability");
    const planned = planUpdate(connectionId, olds, createInputs(change));
    expect(Object.values(planned)).not.toContain(UNKNOWN);
    expectPlanHolds(planned, await update(createUp(), connectionId, olds, createInputs(change)));
  });

  test("with an unknown source may be a replacement", async () => {
    const { connectionId, state: olds } = await createDeclared(sandbox(), "payments", "observability");
    const planned = planUpdate(connectionId, olds, createInputs({ source: UNKNOWN }));
    expect(listKnown(planned)).toEqual(["connectionTypes", "sinkOrgId"]);
  });

  test("with unknown types does not know them", async () => {
    const { connectionId, state: olds } = await createDeclared(sandbox(), "payments", "observability");
    const planned = planUpdate(connectionId, olds, createInputs({ connectionTypes: [UNKNOWN] }));
    expect(planned.connectionTypes).toBe(UNKNOWN);
    expect(planned.createdAt).toBe(olds.createdAt);
  });
});

test("unknown inputs stay unknown, although checked inputs have another value", () => {
  const given = { sinkOrgId: UNKNOWN_ID, connectionTypes: UNKNOWN, adopt: UNKNOWN, reason: "SEC-1" };
  const values = { sinkOrgId: UNKNOWN_ID, connectionTypes: [UNKNOWN], adopt: true, reason: "SEC-1" };
  expect(markUnknowns(values, given)).toEqual(given);
});
