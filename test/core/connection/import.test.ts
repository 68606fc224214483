import { describe, expect, test } from "vitest";
import { findConnectionToImport } from "../../../core/src/index.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { createImportOperations } from "./import-operation.js";
import { countCalls, catchError, createOperation, UNKNOWN_ID, useSandbox } from "./operation.js";

const sandbox = useSandbox();
const many = useSandbox({ seed: createSeed({ sources: 20 }) });
const { createConfigured, createDefaultKeys } = createImportOperations(sandbox);
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const connect = (source: string, sink: string) =>
  sandbox().connect({ source, sink, connectionTypes: ["metrics", "logs"] });

describe("by its ID, a connection", () => {
  test("of the default organization has no `source`", async () => {
    const id = connect("payments", "observability");
    const imported = await findConnectionToImport(
      createConfigured([], {}, createDefaultKeys("payments")),
      id,
    );
    expect(imported).toMatchObject({
      connectionId: id,
      state: {
        sinkOrgId: getOrgId("observability"),
        sourceOrgId: getOrgId("payments"),
        sourceOrgName: "Acme Payments",
        sinkOrgName: "Acme Observability",
        connectionTypes: ["logs", "metrics"],
      },
    });
    expect(JSON.parse(JSON.stringify(imported.inputs))).toEqual({
      sinkOrgId: getOrgId("observability"),
      connectionTypes: ["logs", "metrics"],
    });
  });

  test("of another organization gets its name as `source`", async () => {
    const id = connect("checkout", "security");
    connect("payments", "observability");
    const context = createConfigured(["checkout", "search"], {}, createDefaultKeys("payments"));
    const { inputs, connectionId } = await findConnectionToImport(context, ` ${id.toUpperCase()} `);
    expect(connectionId).toBe(id);
    expect(inputs).toMatchObject({ source: "checkout", sinkOrgId: getOrgId("security") });
  });

  test("is found although another organization cannot be read", async () => {
    const id = connect("checkout", "security");
    const context = createConfigured(["payments", "checkout"], { payments: { apiKey: "old" } });
    expect((await findConnectionToImport(context, id)).inputs.source).toBe("checkout");
  });

  test("is not imported with the credentials of its destination, which the error says", async () => {
    const id = connect("payments", "observability");
    const context = createConfigured(["checkout"], {}, createDefaultKeys("observability"));
    const error = await catchError(findConnectionToImport(context, id));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(
      `Connection ${id} goes from Acme Payments (${getOrgId("payments")}) to Acme Observability`,
    );
    expect(error.advice).toContain("Configure the credentials of Acme Payments");
  });

  test("is not searched where the configured UUID is another one", async () => {
    const id = connect("payments", "observability");
    const context = createConfigured(
      ["checkout", "payments"],
      { checkout: { id: getOrgId("checkout") } },
      createDefaultKeys("observability"),
    );
    expect((await findConnectionToImport(context, id)).inputs.source).toBe("payments");
    const used = new Set(sandbox().requests.map(({ organization }) => organization));
    expect([...used].sort()).toEqual(["observability", "payments"]);
  });

  test("that no organization lists is an error with the connections that can be imported", async () => {
    const id = connect("payments", "observability");
    const error = await catchError(findConnectionToImport(createConfigured(["payments"]), UNKNOWN_ID));
    expect(error.code).toBe("connection-not-found");
    expect(error.message).toContain(`${id} (Acme Payments to Acme Observability)`);
    expect(error.advice).toContain("inventory");
  });

  test("is not called missing if an organization could not be read", async () => {
    const context = createConfigured(["checkout", "payments"], { payments: { apiKey: "old" } });
    const error = await catchError(findConnectionToImport(context, UNKNOWN_ID));
    expect(error.code).toBe("forbidden");
    expect(error.message).toContain('organization "payments"');
  });

  test("is not imported while the organization of the credentials is not proven", async () => {
    const id = connect("payments", "observability");
    sandbox().setPermissions("payments", ["org_connections_read"]);
    const error = await catchError(findConnectionToImport(createConfigured(["payments"]), id));
    expect(error.code).toBe("organization-unproven");
  });

  test("is not imported with another organization's credentials", async () => {
    const id = connect("payments", "observability");
    const context = createConfigured(["payments"], { payments: { id: getOrgId("checkout") } });
    expect((await catchError(findConnectionToImport(context, id))).code).toBe("wrong-organization");
  });

  test("cannot be searched without any credentials", async () => {
    const error = await catchError(findConnectionToImport(createConfigured([]), UNKNOWN_ID));
    expect(error.code).toBe("credentials-missing");
  });
});

describe("one listing for each organization", () => {
  test("serves the concurrent imports of many connections, by ID and by name", async () => {
    const ids = Array.from({ length: 20 }, (_, at) => {
      const source = `source-${at + 1}`;
      const id = many().connect({ source, sink: "observability", connectionTypes: ["logs"] });
      return at % 2 === 0 ? id : `${source}/observability`.replace("/o", "/Acme O");
    });
    many().clearRequests();
    const context = createOperation(many(), { reportsOthers: true });
    const imported = await Promise.all(ids.map((id) => findConnectionToImport(context, id)));
    expect(new Set(imported.map(({ connectionId }) => connectionId)).size).toBe(20);
    const listings = many().requests.filter(({ route }) => route === "listConnections");
    expect(new Set(listings.map(({ organization }) => organization)).size).toBe(listings.length);
    expect(countCalls(many(), "listOrganizations")).toBeLessThanOrEqual(listings.length);
    expect(many().requests.every(({ method }) => method === "GET")).toBe(true);
  });
});
