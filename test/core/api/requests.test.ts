import { describe, expect, test } from "vitest";
import type { Authentication } from "../../../core/src/api/authentication.js";
import { OrgConnectionsClient } from "../../../core/src/api/client.js";
import { createKeys, everyCall, ID, SINK, useRecorder, createClient } from "./harness.js";
import { useSandbox } from "../../sandbox/harness.js";

const recorder = useRecorder();
const sandbox = useSandbox();
const routes = Object.keys(everyCall) as (keyof typeof everyCall)[];
const row = {
  type: "org_connection",
  id: ID,
  attributes: { created_at: "2025-08-26T20:19:36.177236+00:00", connection_types: ["logs"] },
  relationships: {},
};

/** Makes one call, and returns its only request. */
async function sendOne(
  call: (client: OrgConnectionsClient) => Promise<unknown>,
  authentication: Authentication = createKeys("an-api-key-of-payments", "an-app-key-of-payments"),
) {
  recorder.reply(({ method, path }) => {
    const data = method === "GET" && path.endsWith("org_connections") ? [] : row;
    return { body: method === "DELETE" ? "{}" : JSON.stringify({ data }) };
  });
  await call(new OrgConnectionsClient(recorder.options({ authentication })));
  expect(recorder.arrived).toHaveLength(1);
  const [request] = recorder.arrived;
  if (!request) throw new Error("no request");
  return request;
}

describe("each call sends what the API documents", () => {
  test("list", async () => {
    const { method, path, query, body } = await sendOne((client) => client.list());
    expect([method, path, body]).toEqual(["GET", "/api/v2/org_connections", ""]);
    expect(query).toEqual({ limit: "1000", offset: "0" });
  });

  test("create with types", async () => {
    const { method, path, query, body } = await sendOne((client) => client.create(SINK, ["logs", "metrics"]));
    expect([method, path, query]).toEqual(["POST", "/api/v2/org_connections", {}]);
    expect(JSON.parse(body)).toEqual({
      data: {
        type: "org_connection",
        attributes: { connection_types: ["logs", "metrics"] },
        relationships: { sink_org: { data: { type: "orgs", id: SINK } } },
      },
    });
  });

  test("create without types, in the form of the beta of cross-organization visibility: no attributes", async () => {
    const { body } = await sendOne((client) => client.create(SINK));
    expect(JSON.parse(body)).toEqual({
      data: { type: "org_connection", relationships: { sink_org: { data: { type: "orgs", id: SINK } } } },
    });
  });

  test("update", async () => {
    const { method, path, body } = await sendOne((client) => client.update(ID, ["audit"]));
    expect([method, path]).toEqual(["PATCH", `/api/v2/org_connections/${ID}`]);
    expect(JSON.parse(body)).toEqual({
      data: { type: "org_connection", id: ID, attributes: { connection_types: ["audit"] } },
    });
  });

  test("delete, without a body", async () => {
    const { method, path, query, body } = await sendOne((client) => client.delete(ID));
    expect([method, path, query, body]).toEqual(["DELETE", `/api/v2/org_connections/${ID}`, {}, ""]);
  });

  test("managed organizations", async () => {
    const { method, path, query, body } = await sendOne((client) => client.listOrganizations());
    expect([method, path, query, body]).toEqual(["GET", "/api/v2/org", {}, ""]);
  });

  test("an ID cannot change the rest of the path", async () => {
    const { path } = await sendOne((client) => client.delete("../org?x=1"));
    expect(path).toBe("/api/v2/org_connections/..%2Forg%3Fx%3D1");
  });
});

describe.each(routes)("%s", (route) => {
  test("has its keys only in the headers", async () => {
    const { headers, query, path, body } = await sendOne(everyCall[route]);
    expect(headers).toMatchObject({
      "dd-api-key": "an-api-key-of-payments",
      "dd-application-key": "an-app-key-of-payments",
    });
    expect(JSON.stringify([query, path, body])).not.toContain("key-of-payments");
  });

  test("has its keys only in the query, if configured", async () => {
    const { headers, query } = await sendOne(
      everyCall[route],
      createKeys("an-api-key-of-payments", "an-app-key-of-payments", "query"),
    );
    expect(query).toMatchObject({
      api_key: "an-api-key-of-payments",
      application_key: "an-app-key-of-payments",
    });
    expect(JSON.stringify(headers)).not.toContain("key-of-payments");
  });

  test("has its token only in one header, and no key", async () => {
    const { headers, query, path, body } = await sendOne(everyCall[route], {
      kind: "token",
      token: "a-token",
    });
    expect(headers.authorization).toBe("Bearer a-token");
    expect(Object.keys(headers).filter((name) => name.startsWith("dd-"))).toEqual([]);
    expect(JSON.stringify([query, path, body])).not.toMatch(/a-token|api_key|application_key/);
  });

  test("identifies the client, accepts JSON, and sends JSON", async () => {
    const { headers, body } = await sendOne(everyCall[route]);
    expect(headers["user-agent"]).toMatch(/^pulumi-datadog-org-connections\/\d+\.\d+\.\d+ node\/\d+/);
    expect(headers.accept).toBe("application/json");
    if (body !== "") expect(headers["content-type"]).toBe("application/json");
  });
});

describe("the sandbox supports", () => {
  test("keys in headers and in the query", async () => {
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    for (const location of ["headers", "query"] as const) {
      const authentication = createKeys(apiKey, appKey, location);
      await createClient(sandbox(), "payments", { authentication }).list();
      expect(sandbox().requests.at(-1)).toMatchObject({
        auth: location,
        credentials: "keys",
        organization: "payments",
        status: 200,
      });
    }
  });

  test("create, list, update and delete of one connection", async () => {
    const client = createClient(sandbox());
    const created = await client.create(SINK, ["metrics", "logs"]);
    expect(created).toMatchObject({
      connectionTypes: ["logs", "metrics"],
      source: { id: sandbox().getOrganization("payments").id, name: "Acme Payments" },
      sink: { id: SINK, name: "Acme Observability" },
    });
    expect((await client.list()).connections).toEqual([created]);
    const changed = await client.update(created.id, ["audit"]);
    expect(changed.connectionTypes).toEqual(["audit"]);
    expect(changed.sink).toEqual({ id: SINK });
    await client.delete(created.id);
    expect(sandbox().listConnections()).toEqual([]);
  });
});
