import { expect, test } from "vitest";
import { checkSet, diffSet, findSetToImport, syncSet, type SetInputs } from "../../../core/src/index.js";
import { createImportOperations } from "../connection/import-operation.js";
import { catchError, useSandbox } from "../connection/operation.js";

const sandbox = useSandbox();
const { createConfigured, createDefaultKeys } = createImportOperations(sandbox);
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const connect = (source: string, sink: string, connectionTypes = ["logs"]) =>
  sandbox().connect({ source, sink, connectionTypes });

test.each([
  ["its name in the settings", () => "payments"],
  ["its UUID", () => getOrgId("payments").toUpperCase()],
])("an organization is found by %s, and all connections from it are members", async (_, getId) => {
  const toSecurity = connect("payments", "security", ["metrics", "audit"]);
  const toHub = connect("payments", "observability");
  connect("checkout", "payments");
  const context = createConfigured(["payments", "checkout"]);
  const { state, inputs } = await findSetToImport(context, getId());
  const [hub, security] = [getOrgId("observability"), getOrgId("security")];
  expect(JSON.parse(JSON.stringify(inputs))).toEqual({
    source: "payments",
    connections: { [hub]: ["logs"], [security]: ["audit", "metrics"] },
  });
  expect(Object.keys(inputs.connections)).toEqual([hub, security]);
  expect(state).toMatchObject({
    sourceOrgId: getOrgId("payments"),
    sourceOrgName: "Acme Payments",
    members: { [hub]: { id: toHub, sinkOrgName: "Acme Observability" }, [security]: { id: toSecurity } },
  });
});

test("the next preview of the imported inputs shows no change and sends no request", async () => {
  connect("payments", "observability");
  const { state, inputs } = await findSetToImport(
    createConfigured([], {}, createDefaultKeys("payments")),
    "default",
  );
  sandbox().clearRequests();
  const next = createConfigured([], {}, createDefaultKeys("payments"));
  const checked = await checkSet(next, { ...inputs }, { ...inputs });
  expect(checked.failures).toEqual([]);
  expect(await diffSet(next, state, inputs)).toEqual({ change: "none" });
  expect(sandbox().requests).toEqual([]);
});

test("an organization without connections has nothing to import", async () => {
  connect("checkout", "payments");
  const error = await catchError(findSetToImport(createConfigured(["payments"]), "payments"));
  expect(error.code).toBe("connection-not-found");
  expect(error.message).toContain("Acme Payments");
});

test("a connection without types is an error that says how to add it to a set; a `get` reads it", async () => {
  connect("payments", "observability");
  const id = connect("payments", "security", []);
  const context = createConfigured(["payments"]);
  const error = await catchError(findSetToImport(context, "payments"));
  expect(error.code).toBe("invalid-input");
  expect(error.message).toContain(`no types for ${id} (Acme Payments to Acme Security).`);
  expect(error.message).toContain("`adopt: true`");
  const { inputs } = await findSetToImport(context, "payments", { isGet: true });
  expect(inputs.connections[getOrgId("security")]).toEqual([]);
});

test("the set that the error suggests adopts a connection without types, and sets its types", async () => {
  const id = connect("payments", "security", []);
  const context = createConfigured(["payments"]);
  const declared = { source: "payments", connections: { [getOrgId("security")]: ["audit"] }, adopt: true };
  const { inputs, failures } = await checkSet(context, {}, declared);
  expect(failures).toEqual([]);
  await syncSet(context, undefined, inputs as SetInputs);
  expect(sandbox().listConnections()).toMatchObject([{ id, connectionTypes: ["audit"] }]);
});

test("an organization that is not configured is an error that lists the configured ones", async () => {
  const error = await catchError(findSetToImport(createConfigured(["payments"]), "shop"));
  expect(error.code).toBe("unknown-source");
  expect(error.message).toContain('"shop" (configured: payments)');
});

test("another organization's credentials are an error", async () => {
  connect("payments", "observability");
  const context = createConfigured(["payments"], { payments: { id: getOrgId("checkout") } });
  expect((await catchError(findSetToImport(context, "payments"))).code).toBe("wrong-organization");
});

test("an organization that is not proven is an error, although its listing was read", async () => {
  connect("payments", "observability");
  sandbox().setPermissions("payments", ["org_connections_read"]);
  const error = await catchError(findSetToImport(createConfigured(["payments"]), "payments"));
  expect(error.code).toBe("organization-unproven");
});
