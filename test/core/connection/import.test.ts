import { describe, expect, test } from "vitest";
import { findConnectionToImport } from "../../../core/src/index.js";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { createSeed } from "../../../sandbox/src/index.js";
import { createImportOperations, createProvenSession } from "./import-operation.js";
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

  test("that no organization lists is an error", async () => {
    const error = await catchError(findConnectionToImport(createConfigured(["payments"]), UNKNOWN_ID));
    expect(error.code).toBe("connection-not-found");
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

/** Imports one ID with the credentials of "payments" and "checkout", and returns the error. */
const refuse = (id: string) =>
  catchError(findConnectionToImport(createConfigured(["payments", "checkout"]), id));

describe("SOURCE/DESTINATION_UUID", () => {
  test.each([
    ["the name in the settings", "payments", () => "payments"],
    ["the name, spelled as in variables", "payments", () => "PAYMENTS"],
    ["the configured UUID", "checkout", () => getOrgId("checkout").toUpperCase()],
    ["the UUID that the credentials belong to", "payments", () => getOrgId("payments").toUpperCase()],
    ["the default organization", "search", () => " default "],
  ])("takes %s as SOURCE", async (_, source, getReference) => {
    const id = connect(source, "security");
    for (const other of ["payments", "checkout", "search"].filter((key) => key !== source))
      connect(other, "security");
    connect(source, "observability");
    const context = createConfigured(
      ["payments", "checkout"],
      { checkout: { id: getOrgId("checkout") } },
      createDefaultKeys("search"),
    );
    const imported = await findConnectionToImport(
      context,
      `${getReference()}/ ${getOrgId("security").toUpperCase()}`,
    );
    expect(imported.connectionId).toBe(id);
    expect(imported.state).toMatchObject({ sourceOrgId: getOrgId(source), sinkOrgId: getOrgId("security") });
    expect(imported.inputs.source).toBe(source === "search" ? undefined : source);
  });

  test("takes a name with a slash, and only requests this organization", async () => {
    const id = connect("payments", "security");
    const context = createConfigured(["payments", "checkout"], { payments: { name: "a/b" } });
    expect((await findConnectionToImport(context, `a/b/${getOrgId("security")}`)).connectionId).toBe(id);
    expect(new Set(sandbox().requests.map(({ organization }) => organization))).toEqual(
      new Set(["payments"]),
    );
  });

  test("takes a UUID although another organization cannot be read", async () => {
    const id = connect("payments", "security");
    const configured = createConfigured(["payments"]);
    const client = { list: () => Promise.reject(new OrgConnectionsError("server-error", "failed")) };
    const createSession = () => createProvenSession("search", getOrgId("search"), client);
    const context = {
      ...configured,
      listConfiguredOrganizations: () => [
        { source: "search", createSession },
        ...configured.listConfiguredOrganizations(),
      ],
    };
    const imported = findConnectionToImport(context, `${getOrgId("payments")}/${getOrgId("security")}`);
    expect((await imported).connectionId).toBe(id);
  });

  test("without a connection from the source to the destination is an error", async () => {
    connect("payments", "security");
    connect("checkout", "observability");
    const error = await refuse(`payments/${getOrgId("observability")}`);
    expect(error.code).toBe("connection-not-found");
    expect(error.message).toContain(
      `No connection goes from Acme Payments (${getOrgId("payments")}) to ${getOrgId("observability")}.`,
    );
    expect(error.advice).toContain("inventory");
  });

  test("of a connection in the other direction is an error that says so", async () => {
    const id = connect("payments", "observability");
    const context = createConfigured(["observability"]);
    const error = await catchError(findConnectionToImport(context, `observability/${getOrgId("payments")}`));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(`Connection ${id} goes from Acme Payments`);
    expect(error.advice).toContain("where SOURCE is the organization that shares its data: Acme Payments");
  });

  test("of another organization's credentials is an error, and so is one that is not proven", async () => {
    connect("payments", "observability");
    const id = `payments/${getOrgId("observability")}`;
    const context = createConfigured(["payments"], { payments: { id: getOrgId("checkout") } });
    expect((await catchError(findConnectionToImport(context, id))).code).toBe("wrong-organization");
    sandbox().setPermissions("payments", ["org_connections_read"]);
    expect((await refuse(id)).code).toBe("organization-unproven");
  });

  test("lists the configured organizations, and the variables to set, for an unknown source", async () => {
    const error = await refuse(`shop/${getOrgId("observability")}`);
    expect(error.code).toBe("unknown-source");
    expect(error.message).toContain('"shop" (configured: payments, checkout)');
    expect(error.advice).toContain("DD_API_KEY__SHOP and DD_APP_KEY__SHOP");
    expect(sandbox().requests).toEqual([]);
  });

  test("does not search an organization by its name in Datadog", async () => {
    connect("payments", "observability");
    expect((await refuse(`Acme Payments/${getOrgId("observability")}`)).code).toBe("unknown-source");
    expect((await refuse("payments/Acme Observability")).code).toBe("invalid-input");
    expect(sandbox().requests).toEqual([]);
  });

  test("says why an organization could not be searched by its UUID", async () => {
    const context = createConfigured(["payments"], { payments: { apiKey: "old" } });
    const id = `${getOrgId("payments")}/${getOrgId("security")}`;
    const error = await catchError(findConnectionToImport(context, id));
    expect(error.code).toBe("unknown-source");
    expect(error.message).toContain("Some organizations could not be read: ");
    expect(error.message).toContain("[forbidden]");
  });

  test("names the settings if the default organization has no credentials", async () => {
    const error = await refuse(`default/${getOrgId("observability")}`);
    expect(error.code).toBe("credentials-missing");
    expect(error.message).toContain("DD_API_KEY");
  });

  test.each([
    "payments",
    "",
    "payments/",
    "/4dee724d-0000-4000-8000-000000000001",
    "40bbb1c2",
    "99999999-9999-4999-8999-99999999999g",
  ])("is shown with the other format for %j, without a request", async (id) => {
    const error = await refuse(id);
    expect(error.code).toBe("invalid-input");
    expect(error.advice).toMatch(
      /`datadog-org-connections inventory` lists, or `SOURCE\/DESTINATION_UUID`\. .* destination organization\./,
    );
    expect(sandbox().requests).toEqual([]);
  });

  test("is shown without invisible characters in an error", async () => {
    expect((await refuse("pay\u202ements")).message).toContain('"pay\\u{202e}ments"');
  });
});

describe("one listing for each organization", () => {
  test("serves the concurrent imports of many connections, by ID and by pair", async () => {
    const ids = Array.from({ length: 20 }, (_, at) => {
      const source = `source-${at + 1}`;
      const id = many().connect({ source, sink: "observability", connectionTypes: ["logs"] });
      return at % 2 === 0 ? id : `${source}/${many().getOrganization("observability").id}`;
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
