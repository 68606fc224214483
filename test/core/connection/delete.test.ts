import { describe, expect, test } from "vitest";
import { create, diff, deleteConnection } from "../../../core/src/index.js";
import {
  countCalls,
  createDeclared,
  createEntry,
  catchError,
  createOperation,
  useSandbox,
  countWrites,
} from "./operation.js";
import { deriveInputs } from "../../../core/src/connection/fields.js";

const sandbox = useSandbox();
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const declareConnection = () => createDeclared(sandbox(), "payments", "observability");

describe("a live connection", () => {
  test("is deleted, and others are not", async () => {
    const { connectionId, state } = await declareConnection();
    const other = sandbox().connect({ source: "payments", sink: "security" });
    await deleteConnection(createOperation(sandbox()), connectionId, state);
    expect(sandbox().listConnections()).toMatchObject([{ id: other }]);
  });

  test("can be deleted with the credentials of its destination", async () => {
    const { connectionId, state } = await declareConnection();
    await deleteConnection(createOperation(sandbox()), connectionId, { ...state, source: "observability" });
    expect(sandbox().listConnections()).toEqual([]);
  });

  test("is not reported as deleted after a refusal", async () => {
    const { connectionId, state } = await declareConnection();
    const what = { kind: "status", status: 403 } as const;
    sandbox().fail({ on: { route: "deleteConnection" }, times: Infinity, moment: "before", what });
    await catchError(deleteConnection(createOperation(sandbox()), connectionId, state));
    expect(sandbox().listConnections()).toHaveLength(1);
  });
});

describe("a connection that is already gone", () => {
  test("is a success with the credentials of its source", async () => {
    const { connectionId, state } = await declareConnection();
    sandbox().disconnect(connectionId);
    const context = createOperation(sandbox());
    await deleteConnection(context, connectionId, state);
    expect(context.warnings).toEqual([]);
  });

  test("is an error with another organization's credentials", async () => {
    const { connectionId, state } = await declareConnection();
    sandbox().disconnect(connectionId);
    const organizations = { payments: createEntry(sandbox(), "checkout") };
    const error = await catchError(
      deleteConnection(createOperation(sandbox(), { organizations }), connectionId, state),
    );
    expect(error.code).toBe("wrong-organization");
  });

  test("and its replacement exists: nothing is reported", async () => {
    const { connectionId, state } = await declareConnection();
    sandbox().disconnect(connectionId);
    const context = createOperation(sandbox());
    const replacement = await create(context, deriveInputs(state));
    await deleteConnection(context, connectionId, state);
    expect(sandbox().listConnections()).toMatchObject([{ id: replacement.connectionId }]);
    expect(context.warnings).toEqual([]);
  });

  test("and was recreated: the new connection is reported and not deleted", async () => {
    const { connectionId, state } = await declareConnection();
    sandbox().disconnect(connectionId);
    const connectionTypes = ["audit"];
    const recreated = sandbox().connect({ source: "payments", sink: "observability", connectionTypes });
    const context = createOperation(sandbox());
    await deleteConnection(context, connectionId, state);
    expect(sandbox().listConnections()).toMatchObject([{ id: recreated }]);
    expect(context.warnings).toEqual([expect.stringContaining(`${recreated} (audit)`)]);
    expect(context.warnings[0]).toContain("the data is still shared");
  });
});

describe("a connection whose source is not in the state", () => {
  const declareWithoutSource = async () => {
    const { connectionId, state } = await declareConnection();
    return { connectionId, state: { ...state, sourceOrgId: undefined, sourceOrgName: undefined } };
  };

  test("is deleted with the credentials of its source, which the listing proves", async () => {
    const { connectionId, state } = await declareWithoutSource();
    const other = sandbox().connect({ source: "payments", sink: "security" });
    await deleteConnection(createOperation(sandbox()), connectionId, state);
    expect(sandbox().listConnections()).toMatchObject([{ id: other }]);
  });

  test("and was recreated during the delete: the new connection is reported", async () => {
    const { connectionId, state } = await declareWithoutSource();
    const context = createOperation(sandbox());
    await context.getSession("payments").getListing();
    sandbox().disconnect(connectionId);
    const recreated = sandbox().connect({ source: "payments", sink: "observability" });
    await deleteConnection(context, connectionId, state);
    expect(context.warnings).toEqual([expect.stringContaining(recreated)]);
  });

  test.each(["payments", "checkout"])(
    "and that the listing with the credentials of %s lacks does not count as deleted",
    async (key) => {
      const { connectionId, state } = await declareWithoutSource();
      if (key === "payments") sandbox().disconnect(connectionId);
      sandbox().connect({ source: key, sink: "security" });
      sandbox().connect({ source: key, sink: "search" });
      const organizations = { payments: createEntry(sandbox(), key) };
      const error = await catchError(
        deleteConnection(createOperation(sandbox(), { organizations }), connectionId, state),
      );
      expect(error.code).toBe("wrong-organization");
      expect(countWrites(sandbox())).toBe(0);
    },
  );
});

describe("nothing is sent", () => {
  test.each(["checkout", "globex-shop"])("with the credentials of %s", async (other) => {
    const { connectionId, state } = await declareConnection();
    const organizations = { payments: createEntry(sandbox(), other) };
    const error = await catchError(
      deleteConnection(createOperation(sandbox(), { organizations }), connectionId, state),
    );
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(getOrgId("payments"));
    expect(countWrites(sandbox())).toBe(0);
    expect(sandbox().listConnections()).toHaveLength(1);
  });

  test("with credentials of an unproven organization", async () => {
    const { connectionId, state } = await declareConnection();
    const organizations = { payments: createEntry(sandbox(), "readonly") };
    const error = await catchError(
      deleteConnection(createOperation(sandbox(), { organizations }), connectionId, state),
    );
    expect(error.code).toBe("organization-unproven");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("if the listing that should prove the caller fails", async () => {
    const { connectionId, state } = await declareConnection();
    const what = { kind: "short-page", drop: 1 } as const;
    sandbox().fail({ on: { route: "listConnections" }, times: Infinity, moment: "before", what });
    const error = await catchError(deleteConnection(createOperation(sandbox()), connectionId, state));
    expect(error.code).toBe("incomplete-listing");
    expect(countWrites(sandbox())).toBe(0);
  });

  test("for a connection that diff retained for another resource of this operation, and the output reports it", async () => {
    const { connectionId, state } = await declareConnection();
    const context = createOperation(sandbox());
    const { source, sinkOrgId, connectionTypes } = state;
    context.ledger.declareOldPair(source, sinkOrgId);
    await diff(context, connectionId, state, {
      ...(source !== undefined && { source }),
      sinkOrgId,
      connectionTypes,
    });
    await deleteConnection(context, connectionId, state);
    expect(sandbox().requests).toEqual([]);
    expect(sandbox().listConnections()).toHaveLength(1);
    expect(context.warnings).toEqual([expect.stringMatching(/was not deleted: another resource/)]);
  });
});

describe("many deletes of one organization", () => {
  const sinks = ["observability", "security", "checkout", "search"];

  test("need one listing as proof, one after the other", async () => {
    const all = await Promise.all(sinks.map((sink) => createDeclared(sandbox(), "payments", sink)));
    sandbox().clearRequests();
    const context = createOperation(sandbox());
    for (const { connectionId, state } of all) await deleteConnection(context, connectionId, state);
    expect(sandbox().listConnections()).toEqual([]);
    expect(countCalls(sandbox(), "listConnections")).toBe(1);
    expect(sandbox().requests).toHaveLength(1 + sinks.length);
  });

  test("need one listing as proof, concurrently", async () => {
    const all = await Promise.all(sinks.map((sink) => createDeclared(sandbox(), "payments", sink)));
    sandbox().clearRequests();
    const context = createOperation(sandbox());
    await Promise.all(all.map(({ connectionId, state }) => deleteConnection(context, connectionId, state)));
    expect(sandbox().listConnections()).toEqual([]);
    expect(sandbox().requests).toHaveLength(1 + sinks.length);
  });
});
