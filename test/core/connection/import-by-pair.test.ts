import { describe, expect, test } from "vitest";
import { findConnectionToImport } from "../../../core/src/index.js";
import { OrgConnectionsError } from "../../../core/src/api/org-connections-error.js";
import { builtInSeed } from "../../../sandbox/src/index.js";
import { createImportOperations, createProvenSession } from "./import-operation.js";
import { catchError, useSandbox } from "./operation.js";

const [acme, ...otherAccounts] = builtInSeed.accounts;
const slashes = [
  { key: "slash", id: "55555555-0000-4000-8000-000000000001", name: "A/B" },
  { key: "slash-sink", id: "55555555-0000-4000-8000-000000000002", name: "B/C" },
  { key: "plain-sink", id: "55555555-0000-4000-8000-000000000003", name: "C" },
  { key: "namesake", id: "55555555-0000-4000-8000-000000000004", name: "Acme OBSERVABILITY" },
];
const seed = {
  ...builtInSeed,
  accounts: [{ name: "Acme", organizations: [...(acme?.organizations ?? []), ...slashes] }, ...otherAccounts],
};
const sandbox = useSandbox({ seed });
const { createConfigured, createDefaultKeys } = createImportOperations(sandbox);
const getOrgId = (key: string) => sandbox().getOrganization(key).id;
const connect = (source: string, sink: string) =>
  sandbox().connect({ source, sink, connectionTypes: ["logs"] });

/** Imports one ID with the credentials of "payments" and "checkout", and returns the error. */
const refuse = (id: string) =>
  catchError(findConnectionToImport(createConfigured(["payments", "checkout"]), id));

describe("SOURCE/SINK", () => {
  test.each([
    ["the name in the settings", () => "payments/Acme Security"],
    ["the name, spelled as in variables", () => "PAYMENTS/Acme Security"],
    ["the configured UUID", () => `${getOrgId("checkout")}/Acme Security`],
    ["the UUID that the credentials belong to", () => `${getOrgId("payments")}/Acme Security`],
    ["the name in Datadog, in any case", () => "acme PAYMENTS / acme security"],
    ["the UUID of the destination", () => `payments/${getOrgId("security").toUpperCase()}`],
    ["the default organization", () => "default/Acme Security"],
  ])("takes %s", async (_, getId) => {
    const byOrganization = Object.fromEntries(
      ["payments", "checkout", "search"].map((key) => [getOrgId(key), connect(key, "security")]),
    );
    connect("payments", "observability");
    const context = createConfigured(
      ["payments", "checkout"],
      { checkout: { id: getOrgId("checkout") } },
      createDefaultKeys("search"),
    );
    const { connectionId, state } = await findConnectionToImport(context, getId());
    expect(connectionId).toBe(byOrganization[state.sourceOrgId ?? ""]);
    const sources: Record<string, string | undefined> = { payments: "payments", checkout: "checkout" };
    const key = sandbox().organizations.find(({ id }) => id === state.sourceOrgId)?.key ?? "";
    expect(state.source).toBe(sources[key]);
    expect(state.sinkOrgId).toBe(getOrgId("security"));
    const expected = getId().includes("default")
      ? "search"
      : getId().includes(getOrgId("checkout"))
        ? "checkout"
        : "payments";
    expect(key).toBe(expected);
  });

  test("takes a UUID although the name of another organization cannot be requested", async () => {
    const id = connect("payments", "security");
    const configured = createConfigured(["payments"]);
    // Its identity proves it, and without connections, no row contains its name.
    const client = {
      list: () => Promise.resolve({ connections: [], date: undefined }),
      listOrganizations: () => Promise.reject(new OrgConnectionsError("server-error", "failed")),
    };
    const createSession = () => createProvenSession("search", getOrgId("search"), client);
    const context = {
      ...configured,
      listConfiguredOrganizations: () => [
        { source: "search", createSession },
        ...configured.listConfiguredOrganizations(),
      ],
    };
    const imported = findConnectionToImport(context, `${getOrgId("payments")}/Acme Security`);
    expect((await imported).connectionId).toBe(id);
  });

  test("is split at each slash, until a connection matches", async () => {
    const id = connect("slash", "slash-sink");
    const context = createConfigured(["slash", "payments"]);
    expect((await findConnectionToImport(context, "A/B/B/C")).connectionId).toBe(id);
  });

  test("that can be split in two ways is an error with both connections", async () => {
    // "a" and "a/b" are names in the settings.
    const ids = [connect("payments", "slash-sink"), connect("checkout", "plain-sink")];
    const context = createConfigured(["payments", "checkout"], {
      payments: { name: "a" },
      checkout: { name: "a/b" },
    });
    const error = await catchError(findConnectionToImport(context, "a/b/c"));
    expect(error.code).toBe("organization-ambiguous");
    for (const id of ids) expect(error.message).toContain(id);
  });

  test("prefers a name in the settings to one in Datadog", async () => {
    const id = connect("payments", "security");
    connect("checkout", "security");
    const context = createConfigured(["payments", "checkout"], { payments: { name: "Acme Checkout" } });
    expect((await findConnectionToImport(context, "Acme Checkout/Acme Security")).connectionId).toBe(id);
  });
});

describe("an error about SOURCE/SINK", () => {
  test("says that several destinations have the name", async () => {
    const ids = [connect("payments", "observability"), connect("payments", "namesake")];
    const error = await refuse("payments/acme observability");
    expect(error.code).toBe("organization-ambiguous");
    for (const id of ids) expect(error.message).toContain(id);
    expect(error.advice).toContain("by its ID");
  });

  test("says that several sources have the name in Datadog", async () => {
    connect("observability", "security");
    connect("namesake", "security");
    const context = createConfigured(["observability", "namesake"], { observability: { name: "hub" } });
    const error = await catchError(findConnectionToImport(context, "Acme Observability/Acme Security"));
    expect(error.code).toBe("organization-ambiguous");
    expect(error.message).toContain(getOrgId("observability"));
    expect(error.message).toContain(getOrgId("namesake"));
  });

  test("lists the connections of the source if none leads to the destination", async () => {
    const id = connect("payments", "security");
    const error = await refuse("payments/Acme Observability");
    expect(error.code).toBe("connection-not-found");
    expect(error.message).toContain(`${id} (Acme Payments to Acme Security)`);
  });

  test("says what to check if the source has no connections", async () => {
    const error = await refuse("payments/Acme Observability");
    expect(error.code).toBe("connection-not-found");
    expect(error.message).toContain(`Connections from ${getOrgId("payments")}: none.`);
    expect(error.advice).not.toContain("one of them");
  });

  test("says that the connection has the other direction", async () => {
    const id = connect("payments", "observability");
    const context = createConfigured(["observability"]);
    const error = await catchError(findConnectionToImport(context, "observability/Acme Payments"));
    expect(error.code).toBe("wrong-organization");
    expect(error.message).toContain(`Connection ${id} goes from Acme Payments`);
    expect(error.advice).toContain(
      "SOURCE/SINK, where SOURCE is the organization that shares its data: Acme Payments",
    );
    const byUuid = `observability/${getOrgId("payments").toUpperCase()}`;
    expect((await catchError(findConnectionToImport(context, byUuid))).code).toBe("wrong-organization");
  });

  test("lists the configured organizations, and the variables to set, for an unknown source", async () => {
    const error = await refuse("shop/Acme Observability");
    expect(error.code).toBe("unknown-source");
    expect(error.message).toContain('"shop" (configured: payments, checkout)');
    expect(error.advice).toContain("DD_API_KEY__SHOP and DD_APP_KEY__SHOP");
  });

  test("says why an organization could not be searched by its name in Datadog", async () => {
    const context = createConfigured(["payments"], { payments: { apiKey: "old" } });
    const error = await catchError(findConnectionToImport(context, "Acme Payments/Acme Security"));
    expect(error.code).toBe("unknown-source");
    expect(error.message).toContain("Some organizations could not be read: ");
    expect(error.message).toContain("[forbidden]");
  });

  test("names the settings if the default organization has no credentials", async () => {
    const error = await refuse("default/Acme Observability");
    expect(error.code).toBe("credentials-missing");
    expect(error.message).toContain("DD_API_KEY");
  });

  test.each([
    "payments",
    "",
    "payments/",
    "/observability",
    "40bbb1c2",
    "99999999-9999-4999-8999-99999999999g",
  ])("shows the two formats for %j, without a request", async (id) => {
    const error = await refuse(id);
    expect(error.code).toBe("invalid-input");
    expect(error.advice).toMatch(
      /`datadog-org-connections inventory` lists, or `SOURCE\/SINK`\. .* destination organization\./,
    );
    expect(sandbox().requests).toEqual([]);
  });

  test("shows no invisible characters of the ID", async () => {
    expect((await refuse("pay\u202ements")).message).toContain('"pay\\u{202e}ments"');
  });
});
