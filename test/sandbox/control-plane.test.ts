import { afterEach, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { create, list, remove, send, update, useSandbox } from "./harness.js";

const sandbox = useSandbox();

async function control(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
  const response = await fetch(`${sandbox().url}/_sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return [response.status, await response.json()];
}

test("organizations, with the keys that are made up for them", async () => {
  const [status, body] = await control("GET", "organizations");
  expect([status, body]).toEqual([200, { organizations: sandbox().organizations }]);
  expect(JSON.stringify(body)).toContain("sandbox-app-key-payments");
});

test("connect, change-types, connections, disconnect", async () => {
  const [, made] = await control("POST", "connect", {
    source: "payments",
    sink: "observability",
    connectionTypes: ["audit"],
  });
  const { id } = made as { id: string };
  expect((await list(sandbox())).body.data[0]?.id).toBe(id);
  expect(await control("POST", "change-types", { id, connectionTypes: ["logs", "metrics"] })).toEqual([
    200,
    {},
  ]);
  expect(await control("GET", "connections")).toEqual([
    200,
    {
      connections: [
        {
          id,
          sourceOrgId: sandbox().organization("payments").id,
          sinkOrgId: sandbox().organization("observability").id,
          connectionTypes: ["logs", "metrics"],
          createdAt: sandbox().connections()[0]?.createdAt,
          createdBy: sandbox().organization("payments").user.id,
        },
      ],
    },
  ]);
  expect(await control("POST", "disconnect", { id })).toEqual([200, {}]);
  expect(sandbox().connections()).toEqual([]);
});

test("somebody else may be the creator", async () => {
  const ann = {
    id: "cccccccc-0001-4000-8000-000000000001",
    handle: "ann",
    email: "ann@example.com",
    name: "Ann",
  };
  sandbox().connect({ source: "payments", sink: "observability", createdBy: ann });
  const { body } = await list(sandbox());
  expect(body.data[0]?.relationships["created_by"]?.data).toEqual({ type: "users", id: ann.id, name: "Ann" });
});

test("requests are listed and cleared, and those to the control plane are not among them", async () => {
  await list(sandbox());
  const [, body] = await control("GET", "requests");
  expect(body).toMatchObject({ requests: [{ method: "GET", path: "/api/v2/org_connections", status: 200 }] });
  expect(await control("DELETE", "requests")).toEqual([200, {}]);
  expect(sandbox().requests).toEqual([]);
});

test("faults are armed, without end too, and cleared", async () => {
  const fault = { times: "Infinity", moment: "before", what: { kind: "status", status: 500 } };
  expect(await control("POST", "faults", fault)).toEqual([200, {}]);
  expect([(await list(sandbox())).status, (await list(sandbox())).status]).toEqual([500, 500]);
  expect(await control("DELETE", "faults")).toEqual([200, {}]);
  expect((await list(sandbox())).status).toBe(200);
});

test("reset", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().setFeature("payments", false);
  sandbox().fail({ moment: "before", what: { kind: "reset" } });
  expect(await control("POST", "reset")).toEqual([200, {}]);
  expect((await list(sandbox())).body.data).toEqual([]);
});

test.each([
  ["connect", "[]", "the body must be a JSON object"],
  ["connect", { sink: "observability" }, "body.source must be a string"],
  ["connect", { source: "nobody", sink: "observability" }, 'no organization "nobody" in the sandbox'],
  [
    "connect",
    { source: "payments", sink: "search", connectionTypes: "logs" },
    "body.connectionTypes must be a list",
  ],
  ["change-types", { id: "x", connectionTypes: ["logs"] }, 'no connection "x"'],
  ["disconnect", { id: "x" }, 'no connection "x"'],
  ["faults", { what: { kind: "reset" } }, 'moment must be "before" or "after"'],
])("POST %s with %j is 400 and says why", async (path, body, message) => {
  const [status, answer] = await control("POST", path, body);
  expect([status, (answer as { errors: string[] }).errors[0]]).toEqual([
    400,
    expect.stringContaining(message),
  ]);
});

test("a pair cannot be made twice", () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  expect(() => sandbox().connect({ source: "payments", sink: "observability" })).toThrow("already");
});

test("an unknown control path is 501", async () => {
  expect((await control("GET", "nonsense"))[0]).toBe(501);
});

test("the request log tells everything but keys and bodies", async () => {
  const { id: sinkOrgId } = sandbox().organization("observability");
  const { body } = await create(sandbox(), sinkOrgId, ["audit"]);
  await update(sandbox(), body.data.id, ["logs"]);
  await remove(sandbox(), body.data.id);
  await send(sandbox(), "payments", "GET", "/api/v2/org?api_key=sandbox-api-key-payments");
  expect(sandbox().requests).toMatchObject([
    {
      method: "POST",
      route: "createConnection",
      organization: "payments",
      sinkOrgId,
      auth: "headers",
      status: 200,
    },
    { route: "updateConnection", connectionId: body.data.id, sinkOrgId, status: 200 },
    { route: "deleteConnection", connectionId: body.data.id, sinkOrgId, status: 200 },
    { route: "listOrganizations", path: "/api/v2/org", query: { api_key: "" }, status: 200 },
  ]);
  const [first] = sandbox().requests;
  expect(first?.endedAt).toBeGreaterThanOrEqual(first?.startedAt ?? Infinity);
  const text = JSON.stringify(sandbox().requests);
  expect(text).not.toMatch(/sandbox-(api|app)-key/);
  expect(text).not.toContain("audit");
});

let second: Awaited<ReturnType<typeof startSandbox>> | undefined;
afterEach(() => second?.close());

test("two sandboxes share nothing, and a port that is taken is an error", async () => {
  second = await startSandbox({ latencyMs: 1 });
  second.connect({ source: "payments", sink: "observability" });
  expect((await list(second)).body.data).toHaveLength(1);
  expect((await list(sandbox())).body.data).toEqual([]);
  await expect(startSandbox({ port: Number(new URL(second.url).port) })).rejects.toThrow("EADDRINUSE");
});
