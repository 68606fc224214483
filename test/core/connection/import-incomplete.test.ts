/** Imports from a list whose rows lack what the API may omit. */
import { expect, test } from "vitest";
import type { Connection } from "../../../core/src/api/parse.js";
import { findConnectionToImport, findSetToImport } from "../../../core/src/index.js";
import { createProvenSession } from "./import-operation.js";
import { catchError, CONNECTION, createOperation, useSandbox } from "./operation.js";

const sandbox = useSandbox();
const PAYMENTS = { id: "aaaaaaaa-0001-4000-8000-000000000001", name: "Payments" };
const HUB = { id: "aaaaaaaa-0002-4000-8000-000000000002", name: "Hub" };

/** Creates an operation in which `payments` is configured, and its list has a row for each of the given ends. */
function createContext(...ends: Pick<Connection, "source" | "sink">[]) {
  const connections = ends.map((given, at) => ({
    id: `${CONNECTION.slice(0, -1)}${at + 1}`,
    ...given,
    createdAt: "2026-03-01T12:00:00Z",
    connectionTypes: ["logs"],
  }));
  const client = { list: () => Promise.resolve({ connections, date: undefined }) };
  const createSession = () => createProvenSession("payments", PAYMENTS.id, client);
  return {
    ...createOperation(sandbox()),
    listConfiguredOrganizations: () => [{ source: "payments", createSession }],
  };
}

test.each([
  ["its destination", { source: PAYMENTS }],
  ["its source", { sink: HUB }],
])("a connection without %s is not imported by its ID", async (_, ends) => {
  const error = await catchError(findConnectionToImport(createContext(ends), CONNECTION));
  expect(error.code).toBe("unexpected-response");
  expect(error.message).toContain(`${CONNECTION} without its source or destination`);
});

test("a list with a connection without its destination is not imported as a set", async () => {
  const error = await catchError(findSetToImport(createContext({ source: PAYMENTS }), "payments"));
  expect(error.code).toBe("unexpected-response");
  expect(error.message).toContain(`${CONNECTION} without its source or destination`);
});

test("the name of an organization is taken from the first row that contains it", async () => {
  const other = { id: "aaaaaaaa-0003-4000-8000-000000000003" };
  const context = createContext(
    { source: { id: PAYMENTS.id }, sink: HUB },
    { source: PAYMENTS, sink: other },
  );
  const { state } = await findSetToImport(context, "payments");
  expect(state.sourceOrgName).toBe("Payments");
});

test("a connection without a creator is imported", async () => {
  const context = createContext({ source: PAYMENTS, sink: HUB });
  const { state } = await findSetToImport(context, "payments");
  expect(state.members[HUB.id]).toMatchObject({ id: CONNECTION, sinkOrgName: "Hub" });
  expect(state.members[HUB.id]?.createdBy).toBeUndefined();
  expect((await findConnectionToImport(context, CONNECTION)).state.createdBy).toBeUndefined();
});
