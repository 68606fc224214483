import { describe, expect, test } from "vitest";
import { builtInSeed, startSandbox } from "../../sandbox/src/index.js";
import {
  create,
  createBody,
  CONNECTIONS,
  list,
  deleteConnection,
  send,
  UNKNOWN_ID,
  update,
  useSandbox,
} from "./harness.js";

// One test for each fact that is recorded from the live service or documented.
const sandbox = useSandbox();
const getOrg = (key: string) => sandbox().getOrganization(key);
const formatPair = (a: string, b: string) => `connection between orgs ${getOrg(a).id} and ${getOrg(b).id}`;

describe("create", () => {
  test("returns 200 with names and the requested types", async () => {
    const { status, body } = await create(sandbox(), getOrg("observability").id, ["metrics", "logs"]);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        type: "org_connection",
        id: sandbox().listConnections()[0]?.id,
        attributes: {
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/) as string,
          connection_types: ["metrics", "logs"],
        },
        relationships: {
          source_org: { data: { type: "orgs", id: getOrg("payments").id, name: "Acme Payments" } },
          sink_org: { data: { type: "orgs", id: getOrg("observability").id, name: "Acme Observability" } },
          created_by: {
            data: { type: "users", id: getOrg("payments").user.id, name: "Pulumi (Acme Payments)" },
          },
        },
      },
    });
  });

  test("lets the service select the types without attributes", async () => {
    const { status, body } = await create(sandbox(), getOrg("observability").id);
    expect([status, body.data.attributes.connection_types]).toEqual([200, ["logs"]]);
  });

  test.each([
    ["null", null],
    ["a string", "logs"],
    ["a list", ["logs"]],
  ])("lets the service select the types if the attributes are %s", async (_, attributes) => {
    const { data } = createBody(getOrg("observability").id);
    const body = { data: { ...data, attributes } };
    const { status } = await send(sandbox(), "payments", "POST", CONNECTIONS, body);
    expect([status, sandbox().listConnections()[0]?.connectionTypes]).toEqual([200, ["logs"]]);
  });

  test("accepts a destination in upper case", async () => {
    const { status, body } = await create(sandbox(), getOrg("observability").id.toUpperCase(), ["logs"]);
    expect([status, body.data.relationships["sink_org"]?.data.id]).toEqual([200, getOrg("observability").id]);
  });

  test("accepts an unknown type", async () => {
    expect((await create(sandbox(), getOrg("observability").id, ["traces"])).status).toBe(200);
  });

  test("of an existing pair returns 409", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const { status, body } = await create(sandbox(), getOrg("observability").id, ["metrics"]);
    expect([status, body]).toEqual([
      409,
      { errors: [`${formatPair("payments", "observability")} already exists`] },
    ]);
  });

  test("in the opposite direction is allowed", async () => {
    sandbox().connect({ source: "observability", sink: "payments" });
    expect((await create(sandbox(), getOrg("observability").id)).status).toBe(200);
  });

  test("with a repeated type returns 400", async () => {
    const { status, body } = await create(sandbox(), getOrg("observability").id, ["logs", "logs"]);
    expect([status, body]).toEqual([
      400,
      { errors: [`${formatPair("payments", "observability")} is not allowed`] },
    ]);
  });

  test.each([
    ["malformed", () => "not-a-uuid"],
    ["unknown", () => UNKNOWN_ID],
    ["in another account", () => getOrg("globex-shop").id],
  ])("with a destination that is %s returns 404", async (_, sink) => {
    const { status, body } = await create(sandbox(), sink(), ["logs"]);
    expect([status, body]).toEqual([404, { errors: ["Not found"] }]);
  });

  test.each(["payments", "retired"])("with the destination %s is not allowed", async (sink) => {
    const { status, body } = await create(sandbox(), getOrg(sink).id, ["logs"]);
    expect([status, body]).toEqual([400, { errors: [`${formatPair("payments", sink)} is not allowed`] }]);
  });

  test.each([
    ["an empty set", createBody(UNKNOWN_ID, [])],
    ["a malformed type", createBody(UNKNOWN_ID, ["Logs!"])],
    ["types that are not a list", createBody(UNKNOWN_ID, "logs")],
    ["no destination", { data: { type: "org_connection" } }],
    ["a destination that is not a string", createBody(7)],
    ["no JSON", "{"],
  ])("with %s returns 400", async (_, body) => {
    const response = await send(sandbox(), "payments", "POST", CONNECTIONS, body);
    expect([response.status, response.body]).toEqual([400, { errors: ["Validation failed for input."] }]);
    expect(sandbox().listConnections()).toEqual([]);
  });
});

describe("update", () => {
  test("returns no names and appears in the next list", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
    const { status, body } = await update(sandbox(), id, ["audit"]);
    expect([status, body.data.relationships]).toEqual([
      200,
      {
        source_org: { data: { type: "orgs", id: getOrg("payments").id } },
        sink_org: { data: { type: "orgs", id: getOrg("observability").id } },
        created_by: { data: { type: "users", id: getOrg("payments").user.id } },
      },
    ]);
    expect((await list(sandbox())).body.data[0]?.attributes.connection_types).toEqual(["audit"]);
  });

  test.each([
    ["a repeated type", ["logs", "logs"]],
    ["no type", []],
  ])("with %s returns 400", async (_, types) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const { status, body } = await update(sandbox(), id, types);
    expect([status, body]).toEqual([400, { errors: ["Validation failed for input."] }]);
  });

  test("with different IDs in body and path returns 400", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const response = await send(sandbox(), "payments", "PATCH", `${CONNECTIONS}/${UNKNOWN_ID}`, {
      data: { type: "org_connection", id, attributes: { connection_types: ["logs"] } },
    });
    expect(response.status).toBe(400);
  });

  test("of an unknown connection returns 404", async () => {
    const { status, body } = await update(sandbox(), UNKNOWN_ID, ["logs"]);
    expect([status, body]).toEqual([
      404,
      { errors: [`Org connection with id:${UNKNOWN_ID} not found not found`] },
    ]);
  });

  test.each(["observability", "checkout"])("by %s, not the source, returns 404", async (as) => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
    expect((await update(sandbox(), id, ["audit"], as)).status).toBe(404);
    expect(sandbox().listConnections()[0]?.connectionTypes).toEqual(["logs"]);
  });
});

describe("delete", () => {
  test.each(["payments", "observability"])("by %s, source or destination, returns 200 {}", async (as) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const { status, body } = await deleteConnection(sandbox(), id, as);
    expect([status, body]).toEqual([200, {}]);
    expect(sandbox().listConnections()).toEqual([]);
  });

  test("of an ID that is not a UUID returns 400", async () => {
    const { status, body } = await deleteConnection(sandbox(), "nonsense");
    expect([status, body]).toEqual([400, { errors: ["connection id must be a valid uuid"] }]);
  });

  test("of a deleted connection returns 404", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    await deleteConnection(sandbox(), id);
    const { status, body } = await deleteConnection(sandbox(), id);
    expect([status, body]).toEqual([404, { errors: [`org connection with id:${id} not found not found`] }]);
  });

  test("by another organization returns 404 and deletes nothing", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    expect((await deleteConnection(sandbox(), id, "checkout")).status).toBe(404);
    expect(sandbox().listConnections()).toHaveLength(1);
  });
});

describe("the list of organizations", () => {
  interface Managed {
    data: {
      type: string;
      id: string;
      relationships: { current_org: { data: { id: string } }; managed_orgs: { data: { id: string }[] } };
    };
    included: { id: string; attributes: Record<string, unknown> }[];
  }

  test("has every organization of the account, and no other", async () => {
    const { status, body } = await send<Managed>(sandbox(), "payments", "GET", "/api/v2/org");
    const acme = sandbox().organizations.filter(({ account }) => account === "Acme");
    expect([status, body.data.type, body.data.id]).toEqual([200, "managed_orgs", getOrg("payments").id]);
    expect(body.data.relationships.current_org.data.id).toBe(getOrg("payments").id);
    expect(body.data.relationships.managed_orgs.data.map(({ id }) => id)).toEqual(acme.map(({ id }) => id));
    expect(body.included.map(({ id }) => id)).toEqual(acme.map(({ id }) => id));
    expect(body.included.find(({ id }) => id === getOrg("retired").id)?.attributes).toMatchObject({
      name: "Acme Retired",
      disabled: true,
      description: null,
    });
  });

  test("is filtered by a part of the name, but always includes the caller", async () => {
    const { body } = await send<Managed>(sandbox(), "payments", "GET", "/api/v2/org?filter[name]=SEARCH");
    expect(body.data.relationships.managed_orgs.data.map(({ id }) => id)).toEqual([getOrg("search").id]);
    expect(body.included.map(({ id }) => id)).toEqual([getOrg("payments").id, getOrg("search").id]);
  });

  test("has only the caller if its keys are not those of a parent organization", async () => {
    const seed = structuredClone(builtInSeed);
    const payments = seed.accounts[0]?.organizations.find(({ key }) => key === "payments");
    if (payments) payments.listsAllOrganizations = false;
    const other = await startSandbox({ seed });
    try {
      const { body } = await send<Managed>(other, "payments", "GET", "/api/v2/org");
      expect(body.data.relationships.managed_orgs.data.map(({ id }) => id)).toEqual([getOrg("payments").id]);
      expect(body.included.map(({ id }) => id)).toEqual([getOrg("payments").id]);
    } finally {
      await other.close();
    }
  });
});
