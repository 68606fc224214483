import { describe, expect, test } from "vitest";
import { omitUndefinedDeep } from "../../../core/src/text/data.js";
import { update } from "../../../core/src/index.js";
import {
  countCalls,
  createDeclared,
  createEntry,
  catchError,
  createOperation,
  useSandbox,
  countWrites,
} from "./operation.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const declareConnection = () => createDeclared(sandbox(), "payments", "observability");
const createInputs = (connectionTypes: string[]) => ({
  source: "payments",
  sinkOrgId: getOrgId("observability"),
  connectionTypes: [...connectionTypes].sort(),
});

describe("an update with a request", () => {
  test("changes the types in place by one PATCH", async () => {
    const { connectionId, state } = await declareConnection();
    await update(createOperation(sandbox()), connectionId, state, createInputs(["metrics", "logs"]));
    expect(sandbox().listConnections()).toMatchObject([
      { id: connectionId, connectionTypes: ["logs", "metrics"] },
    ]);
    expect(countWrites(sandbox())).toBe(1);
  });

  test("keeps the names, which its response lacks, and everything else", async () => {
    const { connectionId, state } = await declareConnection();
    const after = await update(createOperation(sandbox()), connectionId, state, createInputs(["metrics"]));
    expect(state).toHaveProperty("sinkOrgName", "Acme Observability");
    expect(after).toEqual({ ...state, connectionTypes: ["metrics"] });
  });

  test("changes types that Datadog chose to declared ones", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability", {});
    const after = await update(createOperation(sandbox()), connectionId, state, createInputs(["audit"]));
    expect(omitUndefinedDeep(after)).not.toHaveProperty("typesUnspecified");
    expect(after.connectionTypes).toEqual(["audit"]);
  });
});

describe("an update without a request", () => {
  test.each([
    ["reason", { reason: "SEC-2" }],
    ["adopt", { adopt: true }],
    ["source, to another name of the organization", { source: "renamed" }],
  ])("of %s only changes the state", async (_, change) => {
    const { connectionId, state } = await declareConnection();
    const organizations = { renamed: createEntry(sandbox(), "payments") };
    const context = createOperation(sandbox(), { organizations });
    const after = await update(context, connectionId, state, { ...createInputs(["logs"]), ...change });
    expect(after).toEqual({ ...state, ...change });
    expect(sandbox().requests).toEqual([]);
  });

  test("of types that are declared for the first time and already live", async () => {
    const { connectionId, state } = await createDeclared(sandbox(), "payments", "observability", {});
    const after = await update(createOperation(sandbox()), connectionId, state, createInputs(["logs"]));
    expect(omitUndefinedDeep(after)).not.toHaveProperty("typesUnspecified");
    expect(sandbox().requests).toEqual([]);
  });

  test("of a removed reason removes it from the state", async () => {
    const { connectionId, state } = await declareConnection();
    const olds = { ...state, reason: "SEC-1" };
    const after = await update(createOperation(sandbox()), connectionId, olds, createInputs(["logs"]));
    expect(omitUndefinedDeep(after)).not.toHaveProperty("reason");
  });
});

describe("an update of a connection that is gone", () => {
  test("is an error that says how to create it again", async () => {
    const { connectionId, state } = await declareConnection();
    sandbox().disconnect(connectionId);
    const error = await catchError(
      update(createOperation(sandbox()), connectionId, state, createInputs(["metrics"])),
    );
    expect(error).toMatchObject({ code: "connection-not-found", facts: { status: 404 } });
    expect(error.message).toContain(connectionId);
    expect(error.message).toContain("pulumi up --refresh");
  });

  test("names the pair's new ID if another user recreated it", async () => {
    const { connectionId, state } = await declareConnection();
    const context = createOperation(sandbox());
    await context.getSession("payments").getListing();
    sandbox().disconnect(connectionId);
    const newId = sandbox().connect({ source: "payments", sink: "observability" });
    const error = await catchError(update(context, connectionId, state, createInputs(["metrics"])));
    expect(error.code).toBe("connection-not-found");
    expect(error.message).toContain(newId);
    expect(sandbox().listConnections()).toMatchObject([{ id: newId, connectionTypes: ["logs"] }]);
  });
});

describe("an update is not sent", () => {
  test.each(["checkout", "globex-shop"])("with the credentials of %s", async (other) => {
    const { connectionId, state } = await declareConnection();
    const organizations = { payments: createEntry(sandbox(), other) };
    const context = createOperation(sandbox(), { organizations });
    const error = await catchError(update(context, connectionId, state, createInputs(["metrics"])));
    expect(error.code).toBe("wrong-organization");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("with the credentials of the destination, which is not allowed", async () => {
    const { connectionId, state } = await declareConnection();
    const organizations = { payments: createEntry(sandbox(), "observability") };
    const context = createOperation(sandbox(), { organizations });
    const error = await catchError(update(context, connectionId, state, createInputs(["metrics"])));
    expect(error.code).toBe("wrong-organization");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("with credentials of an unproven organization", async () => {
    const { connectionId, state } = await declareConnection();
    const organizations = { payments: createEntry(sandbox(), "readonly") };
    const context = createOperation(sandbox(), { organizations });
    const error = await catchError(update(context, connectionId, state, createInputs(["metrics"])));
    expect(error.code).toBe("organization-unproven");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("if the configured id is another organization's", async () => {
    const { connectionId, state } = await declareConnection();
    const organizations = { payments: createEntry(sandbox(), "payments", { id: getOrgId("checkout") }) };
    const context = createOperation(sandbox(), { organizations });
    const error = await catchError(update(context, connectionId, state, createInputs(["metrics"])));
    expect(error.code).toBe("wrong-organization");
    expect(countWrites(sandbox())).toBe(0);
  });
});

test("many updates of one organization prove the caller once", async () => {
  const all = await Promise.all(
    ["observability", "security", "checkout"].map((sink) => createDeclared(sandbox(), "payments", sink)),
  );
  sandbox().clearRequests();
  const context = createOperation(sandbox());
  for (const { connectionId, state } of all) {
    const news = { source: "payments", sinkOrgId: state.sinkOrgId, connectionTypes: ["audit"] };
    await update(context, connectionId, state, news);
  }
  expect(countCalls(sandbox(), "listConnections") + countCalls(sandbox(), "listOrganizations")).toBe(1);
  expect(countCalls(sandbox(), "updateConnection")).toBe(3);
});

test("without a source organization in the state, a connection that is not listed is not changed", async () => {
  const { connectionId, state } = await declareConnection();
  sandbox().disconnect(connectionId);
  const olds = { ...state, sourceOrgId: undefined };
  const error = await catchError(
    update(createOperation(sandbox()), connectionId, olds, createInputs(["metrics"])),
  );
  expect(error).toMatchObject({
    code: "organization-unproven",
    happened: expect.stringContaining("neither the state nor the list") as string,
  });
  expect(countWrites(sandbox())).toBe(0);
});
