/** Existing connections to destinations that a set did not declare before. Only diff knows which of them are its members. */
import { describe, expect, test } from "vitest";
import {
  check,
  checkSet,
  diffSet,
  syncSet,
  type OperationContext,
  type SetState,
} from "../../../core/src/index.js";
import { catchError, countCalls, countWrites, createOperation, useSandbox } from "../connection/operation.js";
import { createQuickOperation } from "../connection/quick-operation.js";
import { catchPartialFailure, createDeclaredSet, createSetInputs, listLive, runStep } from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const LOGS = { observability: ["logs"] };
const THREE = { ...LOGS, security: ["logs"], search: ["logs"] };

/** Calls check and diff with the old inputs {@link LOGS}. */
async function compare(
  context: OperationContext,
  state: SetState,
  connections: Record<string, string[]>,
  more: { adopt?: boolean } = {},
) {
  const olds = createSetInputs(sandbox(), LOGS, more);
  const news = createSetInputs(sandbox(), connections, more);
  const { failures } = await checkSet(context, { ...olds }, { ...news });
  expect(failures).toEqual([]);
  return diffSet(context, state, news);
}

describe("after an update that failed in part, of which the engine saves the old inputs and the new members", () => {
  /** Adds `security` and `search` to a set, but the create for `search` fails. */
  async function failInPart(more: { adopt?: boolean } = {}): Promise<SetState> {
    const olds = await createDeclaredSet(sandbox(), LOGS, more);
    const what = { kind: "status", status: 400, body: { errors: ["no"] } } as const;
    const on = { route: "createConnection", sinkOrgId: getOrgId("search") } as const;
    sandbox().fail({ on, moment: "before", what });
    const news = createSetInputs(sandbox(), THREE, more);
    const { state } = await catchPartialFailure(runStep(createOperation(sandbox()), olds, news));
    expect(Object.keys(state.members).sort()).toEqual(
      [getOrgId("observability"), getOrgId("security")].sort(),
    );
    return state;
  }

  test.each([
    ["without adoption", {}],
    ["with adoption", { adopt: true }],
  ])("the members are not reported, %s", async (_, more) => {
    const state = await failInPart(more);
    const context = createOperation(sandbox());
    expect(await compare(context, state, THREE, more)).toEqual({ change: "update" });
    expect(context.warnings).toEqual([]);
  });

  test("the next update sends only the missing create", async () => {
    const state = await failInPart();
    sandbox().clearRequests();
    const context = createOperation(sandbox());
    await compare(context, state, THREE);
    await syncSet(context, state, createSetInputs(sandbox(), THREE));
    expect([countWrites(sandbox()), countCalls(sandbox(), "createConnection")]).toEqual([1, 1]);
    expect(listLive(sandbox())).toHaveLength(3);
  });

  test("a member whose destination was disabled since is not refused", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS);
    const id = sandbox().connect({ source: "payments", sink: "retired", connectionTypes: ["logs"] });
    state.members[getOrgId("retired")] = { id, createdAt: "" };
    state.connections[getOrgId("retired")] = ["logs"];
    const context = createOperation(sandbox());
    expect(await compare(context, state, { ...LOGS, retired: ["audit"] })).toEqual({ change: "update" });
  });

  test("the connection of another user is still refused", async () => {
    const state = await failInPart();
    const id = sandbox().connect({ source: "payments", sink: "search" });
    const error = await catchError(compare(createOperation(sandbox()), state, THREE));
    expect([error.code, error.happened]).toEqual(["pair-exists", expect.stringContaining(id)]);
  });
});

describe("an existing connection to a new destination", () => {
  test("is refused, and the error names all of them", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS);
    const ids = ["security", "search"].map((sink) => sandbox().connect({ source: "payments", sink }));
    const error = await catchError(compare(createOperation(sandbox()), state, THREE));
    expect(error.code).toBe("pair-exists");
    for (const id of ids) expect(error.happened).toContain(id);
    expect(error.message.match(/set `adopt: true`/g)).toHaveLength(1);
    expect(countWrites(sandbox())).toBe(0);
  });

  test("is refused after the changes have started, too", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS);
    sandbox().connect({ source: "payments", sink: "security" });
    const context = createOperation(sandbox());
    context.ledger.startChanges();
    expect((await catchError(compare(context, state, THREE))).code).toBe("pair-exists");
  });

  test("is reported if it will be adopted", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS, { adopt: true });
    const id = sandbox().connect({ source: "payments", sink: "security", connectionTypes: ["logs"] });
    const context = createOperation(sandbox());
    expect(await compare(context, state, THREE, { adopt: true })).toEqual({ change: "update" });
    expect(context.warnings).toEqual([expect.stringContaining(`will adopt connection ${id}`)]);
    expect(context.ledger.findAdoption("payments", getOrgId("security"))).toMatchObject({ id });
  });

  test("is not reported if another resource of the program, which is replaced, manages it", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS);
    sandbox().connect({ source: "payments", sink: "security" });
    const context = createOperation(sandbox());
    const single = { source: "payments", sinkOrgId: getOrgId("security"), connectionTypes: ["logs"] };
    await check(context, single, { ...single, sinkOrgId: getOrgId("search") });
    expect(await compare(context, state, { ...LOGS, security: ["logs"] })).toEqual({ change: "update" });
  });

  test("is reported by the second check if another source replaces the set", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS);
    const id = sandbox().connect({ source: "checkout", sink: "security" });
    const context = createOperation(sandbox());
    const news = createSetInputs(sandbox(), { ...LOGS, security: ["logs"] }, { source: "checkout" });
    const olds = createSetInputs(sandbox(), LOGS);
    expect((await checkSet(context, { ...olds }, { ...news })).failures).toEqual([]);
    expect((await diffSet(context, state, news)).change).toBe("replace");
    const { failures } = await checkSet(context, {}, { ...news });
    expect(failures).toMatchObject([{ reason: expect.stringContaining(id) as string }]);
  });

  test("is not searched for again if the preview checks had no response, which is not reported", async () => {
    const state = await createDeclaredSet(sandbox(), LOGS);
    sandbox().fail({ times: Infinity, moment: "before", what: { kind: "status", status: 503 } });
    const context = createQuickOperation(sandbox(), { client: { retry: { maxAttempts: 1 } } });
    expect(await compare(context, state, THREE)).toEqual({ change: "update" });
    // One for the preview checks, and one for the proof that the credentials are not those of another organization.
    expect(countCalls(sandbox(), "listConnections")).toBe(2);
  });
});
