import { describe, expect, test } from "vitest";
import { DELETE_BEFORE_REPLACE } from "../../../core/src/connection/check.js";
import { requireInputs } from "../../../core/src/connection/inputs.js";
import {
  check,
  create,
  diff,
  update,
  type CreateResult,
  type Inputs,
  type OperationContext,
} from "../../../core/src/index.js";
import {
  catchError,
  createDeclared,
  createEntry,
  createOperation,
  listCalls,
  useSandbox,
} from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const createInputs = (more: Partial<Inputs> = {}): Inputs => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: ["logs"],
  ...more,
});

/** Starts an update in which the connection of another organization has just been created. */
async function startUpdate(organizations: Record<string, object> = {}): Promise<OperationContext> {
  const context = createOperation(sandbox(), { organizations });
  await applyInputs(context, undefined, createInputs({ source: "checkout" }));
  sandbox().clearRequests();
  return context;
}

/** Calls what the engine calls in an update for a new or changed resource. */
async function applyInputs(
  context: OperationContext,
  saved: CreateResult | undefined,
  news: Inputs,
): Promise<void> {
  const inputs = requireInputs(await check(context, saved ? { ...createInputs() } : {}, { ...news }));
  if (saved) {
    const { connectionId, state } = saved;
    expect(await diff(context, connectionId, state, inputs)).toEqual({ change: "update" });
    await update(context, connectionId, state, inputs);
  } else {
    await create(context, inputs);
  }
}

const withId = () => ({ payments: createEntry(sandbox(), "payments", { id: getOrgId("payments") }) });
const changed = () => createInputs({ connectionTypes: ["logs", "metrics"] });

describe("once the changes have started, the first connection of an organization", () => {
  test("is created with two requests", async () => {
    await applyInputs(await startUpdate(), undefined, createInputs());
    expect(listCalls(sandbox())).toEqual(["listConnections", "createConnection"]);
  });

  test("is created with three if a configured id must be proven", async () => {
    await applyInputs(await startUpdate(withId()), undefined, createInputs());
    expect(listCalls(sandbox())).toEqual(["listConnections", "listOrganizations", "createConnection"]);
  });

  test("is created with two if the listing proves the configured id", async () => {
    sandbox().connect({ source: "payments", sink: "security" });
    sandbox().connect({ source: "payments", sink: "search" });
    await applyInputs(await startUpdate(withId()), undefined, createInputs());
    expect(listCalls(sandbox())).toEqual(["listConnections", "createConnection"]);
  });

  test.each([
    ["with a configured id", withId],
    ["without one", () => ({})],
  ])("is changed with two requests, %s", async (_, createOrganizations) => {
    const saved = await createDeclared(sandbox(), "payments", "observability");
    await applyInputs(await startUpdate(createOrganizations()), saved, changed());
    expect(listCalls(sandbox())).toEqual(["listOrganizations", "updateConnection"]);
  });

  test("is changed with the listing as proof if the organizations are not available", async () => {
    const saved = await createDeclared(sandbox(), "payments", "observability");
    sandbox().connect({ source: "payments", sink: "security" });
    const context = await startUpdate();
    sandbox().fail({
      on: { route: "listOrganizations" },
      moment: "before",
      what: { kind: "status", status: 403 },
    });
    await applyInputs(context, saved, changed());
    expect(listCalls(sandbox())).toEqual(["listOrganizations", "listConnections", "updateConnection"]);
  });

  test("is not changed with another organization's keys", async () => {
    const saved = await createDeclared(sandbox(), "payments", "observability");
    const context = await startUpdate({ payments: createEntry(sandbox(), "observability") });
    const error = await catchError(applyInputs(context, saved, changed()));
    expect(error.code).toBe("wrong-organization");
    expect(listCalls(sandbox())).toEqual(["listOrganizations"]);
  });

  test("is not created with another organization's keys if its id is configured", async () => {
    const organizations = {
      payments: createEntry(sandbox(), "search", { id: getOrgId("payments") }),
    };
    const error = await catchError(applyInputs(await startUpdate(organizations), undefined, createInputs()));
    expect(error.code).toBe("wrong-organization");
    expect(listCalls(sandbox())).toEqual(["listConnections", "listOrganizations"]);
  });
});

describe("once the changes have started, check still finds a problem", () => {
  test("of a connection that is replaced, because it may be deleted first", async () => {
    const context = await startUpdate();
    const olds = { ...createInputs() };
    const { failures } = await check(context, olds, {
      ...createInputs({ sinkOrgId: getOrgId("retired") }),
      [DELETE_BEFORE_REPLACE]: true,
    });
    expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  });

  test("of a forced replacement that deletes first", async () => {
    const context = await startUpdate();
    const news = createInputs({ sinkOrgId: getOrgId("retired") });
    const { failures } = await check(context, {}, { ...news, [DELETE_BEFORE_REPLACE]: true });
    expect(failures).toMatchObject([{ property: "sinkOrgId" }]);
  });

  test("of a new source for the same destination", async () => {
    const organizations = { payments: createEntry(sandbox(), "nofeature") };
    const context = await startUpdate(organizations);
    const olds = { ...createInputs({ source: "search" }) };
    const { failures } = await check(context, olds, { ...createInputs() });
    expect(failures).toMatchObject([{ property: "source" }]);
  });

  test("and reports an adoption", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const context = createOperation(sandbox());
    await applyInputs(context, undefined, createInputs({ source: "checkout" }));
    await check(context, {}, { ...createInputs({ adopt: true }) });
    expect(context.warnings).toMatchObject([expect.stringContaining("will adopt")]);
  });
});
