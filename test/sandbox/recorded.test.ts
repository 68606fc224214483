import { describe, expect, test } from "vitest";
import {
  create,
  createBody,
  CONNECTIONS,
  list,
  remove,
  send,
  UNKNOWN_ID,
  update,
  useSandbox,
} from "./harness.js";

// One test for each line of the fact sheet that was recorded from the live service, or is documented.
const sandbox = useSandbox();
const org = (key: string) => sandbox().organization(key);
const pair = (a: string, b: string) => `connection between orgs ${org(a).id} and ${org(b).id}`;

describe("create", () => {
  test("answers 200 with names and the types that were asked for", async () => {
    const { status, body } = await create(sandbox(), org("observability").id, ["metrics", "logs"]);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        type: "org_connection",
        id: sandbox().connections()[0]?.id,
        attributes: {
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/) as string,
          connection_types: ["metrics", "logs"],
        },
        relationships: {
          source_org: { data: { type: "orgs", id: org("payments").id, name: "Acme Payments" } },
          sink_org: { data: { type: "orgs", id: org("observability").id, name: "Acme Observability" } },
          created_by: {
            data: { type: "users", id: org("payments").user.id, name: "Pulumi (Acme Payments)" },
          },
        },
      },
    });
  });

  test("lets the service choose when there are no attributes", async () => {
    const { status, body } = await create(sandbox(), org("observability").id);
    expect([status, body.data.attributes.connection_types]).toEqual([200, ["logs"]]);
  });

  test.each([
    ["null", null],
    ["a string", "logs"],
    ["a list", ["logs"]],
  ])("lets the service choose when the attributes are %s", async (_, attributes) => {
    const { data } = createBody(org("observability").id);
    const body = { data: { ...data, attributes } };
    const { status } = await send(sandbox(), "payments", "POST", CONNECTIONS, body);
    expect([status, sandbox().connections()[0]?.connectionTypes]).toEqual([200, ["logs"]]);
  });

  test("takes a sink in upper case", async () => {
    const { status, body } = await create(sandbox(), org("observability").id.toUpperCase(), ["logs"]);
    expect([status, body.data.relationships["sink_org"]?.data.id]).toEqual([200, org("observability").id]);
  });

  test("takes a type that nobody knows yet", async () => {
    expect((await create(sandbox(), org("observability").id, ["traces"])).status).toBe(200);
  });

  test("of a pair that exists already is 409", async () => {
    sandbox().connect({ source: "payments", sink: "observability" });
    const { status, body } = await create(sandbox(), org("observability").id, ["metrics"]);
    expect([status, body]).toEqual([
      409,
      { errors: [`${pair("payments", "observability")} already exists`] },
    ]);
  });

  test("of the opposite direction is allowed", async () => {
    sandbox().connect({ source: "observability", sink: "payments" });
    expect((await create(sandbox(), org("observability").id)).status).toBe(200);
  });

  test("with a repeated type is 400", async () => {
    const { status, body } = await create(sandbox(), org("observability").id, ["logs", "logs"]);
    expect([status, body]).toEqual([
      400,
      { errors: [`${pair("payments", "observability")} is not allowed`] },
    ]);
  });

  test.each([
    ["malformed", () => "not-a-uuid"],
    ["unknown", () => UNKNOWN_ID],
    ["of another account", () => org("globex-shop").id],
  ])("with a sink that is %s is 404", async (_, sink) => {
    const { status, body } = await create(sandbox(), sink(), ["logs"]);
    expect([status, body]).toEqual([404, { errors: ["Not found"] }]);
  });

  test.each(["payments", "retired"])("with the sink %s is not allowed", async (sink) => {
    const { status, body } = await create(sandbox(), org(sink).id, ["logs"]);
    expect([status, body]).toEqual([400, { errors: [`${pair("payments", sink)} is not allowed`] }]);
  });

  test.each([
    ["an empty set", createBody(UNKNOWN_ID, [])],
    ["a malformed type", createBody(UNKNOWN_ID, ["Logs!"])],
    ["types that are no list", createBody(UNKNOWN_ID, "logs")],
    ["no sink", { data: { type: "org_connection" } }],
    ["a sink that is no text", createBody(7)],
    ["no JSON", "{"],
  ])("with %s is 400", async (_, body) => {
    const reply = await send(sandbox(), "payments", "POST", CONNECTIONS, body);
    expect([reply.status, reply.body]).toEqual([400, { errors: ["Validation failed for input."] }]);
    expect(sandbox().connections()).toEqual([]);
  });
});

describe("update", () => {
  test("answers without the three names, and shows in the next list", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
    const { status, body } = await update(sandbox(), id, ["audit"]);
    expect([status, body.data.relationships]).toEqual([
      200,
      {
        source_org: { data: { type: "orgs", id: org("payments").id } },
        sink_org: { data: { type: "orgs", id: org("observability").id } },
        created_by: { data: { type: "users", id: org("payments").user.id } },
      },
    ]);
    expect((await list(sandbox())).body.data[0]?.attributes.connection_types).toEqual(["audit"]);
  });

  test.each([
    ["a repeated type", ["logs", "logs"]],
    ["no type", []],
  ])("with %s is 400", async (_, types) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const { status, body } = await update(sandbox(), id, types);
    expect([status, body]).toEqual([400, { errors: ["Validation failed for input."] }]);
  });

  test("with another id in the body than in the path is 400", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const reply = await send(sandbox(), "payments", "PATCH", `${CONNECTIONS}/${UNKNOWN_ID}`, {
      data: { type: "org_connection", id, attributes: { connection_types: ["logs"] } },
    });
    expect(reply.status).toBe(400);
  });

  test("of a connection that is not there is 404", async () => {
    const { status, body } = await update(sandbox(), UNKNOWN_ID, ["logs"]);
    expect([status, body]).toEqual([
      404,
      { errors: [`Org connection with id:${UNKNOWN_ID} not found not found`] },
    ]);
  });

  test.each(["observability", "checkout"])("by %s, not the source, is 404", async (as) => {
    const id = sandbox().connect({ source: "payments", sink: "observability", connectionTypes: ["logs"] });
    expect((await update(sandbox(), id, ["audit"], as)).status).toBe(404);
    expect(sandbox().connections()[0]?.connectionTypes).toEqual(["logs"]);
  });
});

describe("delete", () => {
  test.each(["payments", "observability"])("by %s, one of the two sides, is 200 {}", async (as) => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    const { status, body } = await remove(sandbox(), id, as);
    expect([status, body]).toEqual([200, {}]);
    expect(sandbox().connections()).toEqual([]);
  });

  test("of an id that is no UUID is 400", async () => {
    const { status, body } = await remove(sandbox(), "nonsense");
    expect([status, body]).toEqual([400, { errors: ["connection id must be a valid uuid"] }]);
  });

  test("of a connection deleted already is 404", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    await remove(sandbox(), id);
    const { status, body } = await remove(sandbox(), id);
    expect([status, body]).toEqual([404, { errors: [`org connection with id:${id} not found not found`] }]);
  });

  test("by a stranger is 404, and deletes nothing", async () => {
    const id = sandbox().connect({ source: "payments", sink: "observability" });
    expect((await remove(sandbox(), id, "checkout")).status).toBe(404);
    expect(sandbox().connections()).toHaveLength(1);
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

  test("holds every organization of the account, and none of another", async () => {
    const { status, body } = await send<Managed>(sandbox(), "payments", "GET", "/api/v2/org");
    const acme = sandbox().organizations.filter(({ account }) => account === "Acme");
    expect([status, body.data.type, body.data.id]).toEqual([200, "managed_orgs", org("payments").id]);
    expect(body.data.relationships.current_org.data.id).toBe(org("payments").id);
    expect(body.data.relationships.managed_orgs.data.map(({ id }) => id)).toEqual(acme.map(({ id }) => id));
    expect(body.included.map(({ id }) => id)).toEqual(acme.map(({ id }) => id));
    expect(body.included.find(({ id }) => id === org("retired").id)?.attributes).toMatchObject({
      name: "Acme Retired",
      disabled: true,
      description: null,
    });
  });

  test("is filtered by a part of the name, and keeps the caller's details", async () => {
    const { body } = await send<Managed>(sandbox(), "payments", "GET", "/api/v2/org?filter[name]=SEARCH");
    expect(body.data.relationships.managed_orgs.data.map(({ id }) => id)).toEqual([org("search").id]);
    expect(body.included.map(({ id }) => id)).toEqual([org("payments").id, org("search").id]);
  });
});
