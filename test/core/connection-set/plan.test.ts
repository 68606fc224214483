/** The state that a preview shows of a set: a known value is what the change results in, and costs no request. */
import { describe, expect, test } from "vitest";
import {
  checkSet,
  diffSet,
  planSet,
  syncSet,
  UNKNOWN,
  type SetInputs,
  type SetState,
} from "../../../core/src/index.js";
import type { PlannedSetInputs } from "../../../core/src/connection-set/types.js";
import { CONNECTION, createOperation, useSandbox } from "../connection/operation.js";
import { expectPlanHolds, listKnown } from "../connection/plan-expectations.js";
import { createDeclaredSet, createSetInputs } from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const LOGS = { observability: ["logs"] };
const createInputs = (connections: Record<string, string[]>, more: Partial<SetInputs> = {}) =>
  createSetInputs(sandbox(), connections, more);

/** Plans a change after its check and its diff, and expects that the plan costs no request. */
async function planAfterCheck(
  olds: SetState | undefined,
  inputs: PlannedSetInputs,
  context = createOperation(sandbox()),
) {
  const { failures } = await checkSet(context, olds ? { ...olds } : {}, { ...inputs });
  expect(failures).toEqual([]);
  if (olds) await diffSet(context, olds, inputs);
  const requests = sandbox().requests.length;
  const planned = await planSet(context, olds, inputs);
  expect(sandbox().requests).toHaveLength(requests);
  return planned;
}

async function expectCertain(olds: SetState | undefined, inputs: SetInputs) {
  const planned = await planAfterCheck(olds, inputs);
  expectPlanHolds(planned, await syncSet(createOperation(sandbox()), olds, inputs));
  return planned;
}

describe("a create", () => {
  test("knows its organization, the destinations and their names", async () => {
    const planned = await expectCertain(undefined, createInputs({ ...LOGS, security: ["audit"] }));
    expect(listKnown(planned)).toEqual(["connections", "members", "source", "sourceOrgId", "sourceOrgName"]);
    expect(planned.members).toEqual({
      [getOrgId("observability")]: {
        id: UNKNOWN,
        sinkOrgName: "Acme Observability",
        createdAt: UNKNOWN,
        createdBy: UNKNOWN,
      },
      [getOrgId("security")]: expect.objectContaining({ id: UNKNOWN }) as object,
    });
  });

  test("that adopts knows the members", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["audit"] });
    const planned = await expectCertain(undefined, createInputs(LOGS, { adopt: true }));
    expect(planned.members).toMatchObject({ [getOrgId("observability")]: { id } });
    expect(JSON.stringify(planned)).not.toContain(UNKNOWN);
  });

  test("that adopts a connection without a creator knows that there is none", async () => {
    const context = createOperation(sandbox());
    const inputs = createInputs(LOGS, { adopt: true });
    const sink = getOrgId("observability");
    const adopted = { id: CONNECTION, createdAt: "2026-03-01T12:00:00Z", connectionTypes: ["logs"] };
    context.ledger.expectAdoption("payments", sink, adopted);
    const { members } = await planSet(context, undefined, inputs);
    expect(members).toEqual({ [sink]: { id: CONNECTION, createdAt: adopted.createdAt } });
  });

  test("without destinations has no name", async () => {
    const planned = await expectCertain(undefined, createInputs({}));
    expect(planned.sourceOrgName).toBeUndefined();
  });

  test("offline knows only the inputs", async () => {
    const planned = await planAfterCheck(
      undefined,
      createInputs(LOGS),
      createOperation(sandbox(), { checks: "offline" }),
    );
    expect(listKnown(planned)).toEqual(["connections", "members", "source"]);
    expect(sandbox().requests).toEqual([]);
  });

  test("of an exclusive set knows its connections only if there are no others", async () => {
    const inputs = createInputs(LOGS, { exclusive: true });
    expect(await planAfterCheck(undefined, inputs)).toMatchObject({ connections: inputs.connections });
    sandbox().connect({ source: "payments", sink: "security" });
    const planned = await expectCertain(undefined, inputs);
    expect(planned).toMatchObject({ connections: UNKNOWN, undeclared: UNKNOWN });
  });

  test.each<[string, Partial<PlannedSetInputs>, string[]]>([
    ["source", { source: UNKNOWN }, ["connections"]],
    ["destinations", { connections: UNKNOWN }, ["source"]],
    ["source of an exclusive set", { source: UNKNOWN, exclusive: true }, ["exclusive"]],
  ])("with unknown %s", async (_, unknown, known) => {
    const planned = await planAfterCheck(undefined, { ...createInputs(LOGS), ...unknown });
    expect(listKnown(planned)).toEqual(known);
  });

  test("with an unknown type does not know the types of that destination", async () => {
    const connections = { observability: ["logs", UNKNOWN], security: ["logs"] };
    const planned = await planAfterCheck(undefined, createInputs(connections));
    expect(planned.connections).toEqual({
      [getOrgId("observability")]: UNKNOWN,
      [getOrgId("security")]: ["logs"],
    });
  });
});

describe("an update", () => {
  test.each<[string, Record<string, string[]>, Partial<SetInputs>]>([
    ["that adds and deletes", { security: ["logs"] }, {}],
    ["of types", { observability: ["audit"] }, {}],
    ["of the reason", LOGS, { reason: "SEC-1" }],
    ["that deletes all", {}, {}],
    ["to an exclusive set", { ...LOGS, security: ["logs"] }, { exclusive: true }],
  ])("%s keeps the members that stay", async (_, connections, more) => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const planned = await expectCertain(olds, createInputs(connections, more));
    expect(planned.sourceOrgId).toBe(getOrgId("payments"));
  });

  test("of an exclusive set that deletes what is undeclared", async () => {
    const inputs = createInputs(LOGS, { exclusive: true });
    const before = await createDeclaredSet(sandbox(), LOGS);
    const undeclaredId = sandbox().connect({ source: "payments", sink: "security" });
    const olds = await syncSet(createOperation(sandbox()), before, inputs);
    expect(olds.undeclared).toEqual({ [getOrgId("security")]: undeclaredId });
    const planned = await expectCertain(olds, inputs);
    expect(sandbox().listConnections()).toHaveLength(1);
    expect(planned.members).toEqual(olds.members);
  });

  test("does not know a member that this operation has deleted", async () => {
    const olds = await createDeclaredSet(sandbox(), LOGS);
    const [[sink, { id }] = ["", { id: "" }]] = Object.entries(olds.members);
    const context = createOperation(sandbox());
    await context.ledger.delete(id, () => Promise.resolve());
    expect(await planAfterCheck(olds, createInputs(LOGS), context)).toMatchObject({
      members: { [sink]: { id: UNKNOWN, createdAt: UNKNOWN } },
    });
  });
});
