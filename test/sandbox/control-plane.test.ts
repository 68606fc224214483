import { afterEach, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { create, list, deleteConnection, send, update, useSandbox } from "./harness.js";

const sandbox = useSandbox();

async function sendControl(method: string, path: string, body?: unknown): Promise<[number, unknown]> {
  const response = await fetch(`${sandbox().url}/_sandbox/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return [response.status, await response.json()];
}

test("organizations with their made-up keys", async () => {
  const [status, body] = await sendControl("GET", "organizations");
  expect([status, body]).toEqual([200, { organizations: sandbox().organizations }]);
  expect(JSON.stringify(body)).toContain("sandbox-app-key-payments");
});

test("connect, change-types, connections, disconnect", async () => {
  const [, created] = await sendControl("POST", "connect", {
    source: "payments",
    sink: "observability",
    connectionTypes: ["audit"],
  });
  const { id } = created as { id: string };
  expect((await list(sandbox())).body.data[0]?.id).toBe(id);
  expect(await sendControl("POST", "change-types", { id, connectionTypes: ["logs", "metrics"] })).toEqual([
    200,
    {},
  ]);
  expect(await sendControl("GET", "connections")).toEqual([
    200,
    {
      connections: [
        {
          id,
          sourceOrgId: sandbox().getOrganization("payments").id,
          sinkOrgId: sandbox().getOrganization("observability").id,
          connectionTypes: ["logs", "metrics"],
          createdAt: sandbox().listConnections()[0]?.createdAt,
          createdBy: sandbox().getOrganization("payments").user.id,
        },
      ],
    },
  ]);
  expect(await sendControl("POST", "disconnect", { id })).toEqual([200, {}]);
  expect(sandbox().listConnections()).toEqual([]);
});

test("another user may be the creator", async () => {
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

test("requests are listed and cleared, without requests to the control plane", async () => {
  await list(sandbox());
  const [, body] = await sendControl("GET", "requests");
  expect(body).toMatchObject({ requests: [{ method: "GET", path: "/api/v2/org_connections", status: 200 }] });
  expect(await sendControl("DELETE", "requests")).toEqual([200, {}]);
  expect(sandbox().requests).toEqual([]);
});

test("faults are armed, also without a limit, and cleared", async () => {
  const fault = { times: "Infinity", moment: "before", what: { kind: "status", status: 500 } };
  expect(await sendControl("POST", "faults", fault)).toEqual([200, {}]);
  expect([(await list(sandbox())).status, (await list(sandbox())).status]).toEqual([500, 500]);
  expect(await sendControl("DELETE", "faults")).toEqual([200, {}]);
  expect((await list(sandbox())).status).toBe(200);
});

test("reset", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  sandbox().setFeature("payments", false);
  sandbox().fail({ moment: "before", what: { kind: "reset" } });
  expect(await sendControl("POST", "reset")).toEqual([200, {}]);
  expect((await list(sandbox())).body.data).toEqual([]);
});

test.each([
  ["connect", "[]", "the body must be a JSON object"],
  ["connect", { sink: "observability" }, "body.source must be a string"],
  ["connect", { source: "unknown", sink: "observability" }, 'no organization "unknown" in the sandbox'],
  [
    "connect",
    { source: "payments", sink: "search", connectionTypes: "logs" },
    "body.connectionTypes must be a list",
  ],
  ["change-types", { id: "x", connectionTypes: ["logs"] }, 'no connection "x"'],
  ["disconnect", { id: "x" }, 'no connection "x"'],
  ["faults", { what: { kind: "reset" } }, 'moment must be "before" or "after"'],
])("POST %s with %j returns 400 and the reason", async (path, body, message) => {
  const [status, response] = await sendControl("POST", path, body);
  expect([status, (response as { errors: string[] }).errors[0]]).toEqual([
    400,
    expect.stringContaining(message),
  ]);
});

test.each<[string, (controls: Record<string, (...args: unknown[]) => unknown>) => unknown, string]>([
  ["getOrganization", (controls) => controls["getOrganization"]?.(), "key must be a string"],
  ["connect", (controls) => controls["connect"]?.("payments"), "input must be an object"],
  [
    "connect with a misspelled field",
    (controls) => controls["connect"]?.({ source: "payments", sink: "search", type: "logs" }),
    'input has an unknown field "type"',
  ],
  [
    "connect with part of a user",
    (controls) => controls["connect"]?.({ source: "payments", sink: "search", createdBy: { id: "x" } }),
    "input.createdBy.handle must be a string",
  ],
  ["changeTypes", (controls) => controls["changeTypes"]?.("x", "logs"), "must be a list of strings"],
  ["disconnect", (controls) => controls["disconnect"]?.(7), "input.id must be a string"],
  ["rotateKeys", (controls) => controls["rotateKeys"]?.(null), "key must be a string"],
  [
    "setPermissions",
    (controls) => controls["setPermissions"]?.("payments", "x"),
    "must be a list of strings",
  ],
  ["setFeature", (controls) => controls["setFeature"]?.("payments", "off"), "on must be true or false"],
])("%s refuses invalid arguments of a JavaScript program and changes nothing", (_, call, message) => {
  const before = structuredClone(sandbox().organizations);
  expect(() => call(sandbox() as never)).toThrow(
    expect.objectContaining({ name: "SandboxInputError" }) as Error,
  );
  expect(() => call(sandbox() as never)).toThrow(message);
  expect([sandbox().organizations, sandbox().listConnections()]).toEqual([before, []]);
});

test.each([
  [[], "options must be an object"],
  [{ prot: 1 }, 'options has an unknown field "prot"'],
  [{ port: 65_536 }, "options.port must be a port"],
  [{ port: "8226" }, "options.port must be a whole number"],
  [{ latencyMs: -1 }, "options.latencyMs must be a whole number"],
  [{ rateLimit: { limit: 1 } }, "options.rateLimit.periodSeconds must be a number above 0"],
  [{ now: 0 }, "options.now must be a function"],
  [{ seed: {} }, "options.seed.accounts must be a list of accounts"],
  [
    {
      seed: { accounts: [{ name: "A", organizations: [{ key: "a", id: "a", name: "A", permission: [] }] }] },
    },
    'options.seed.accounts.0.organizations.0 has an unknown field "permission"',
  ],
])("startSandbox refuses the options %j", async (options, message) => {
  await expect(startSandbox(options as never)).rejects.toThrow(message);
});

test("a pair cannot be created twice", () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  expect(() => sandbox().connect({ source: "payments", sink: "observability" })).toThrow("already");
});

test("an unknown control path returns 501", async () => {
  expect((await sendControl("GET", "nonsense"))[0]).toBe(501);
});

test("the request log has all fields except keys and bodies", async () => {
  const { id: sinkOrgId } = sandbox().getOrganization("observability");
  const { body } = await create(sandbox(), sinkOrgId, ["audit"]);
  await update(sandbox(), body.data.id, ["logs"]);
  await deleteConnection(sandbox(), body.data.id);
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

test("two sandboxes share nothing, and a port in use is an error", async () => {
  second = await startSandbox({ latencyMs: 1 });
  second.connect({ source: "payments", sink: "observability" });
  expect((await list(second)).body.data).toHaveLength(1);
  expect((await list(sandbox())).body.data).toEqual([]);
  await expect(startSandbox({ port: Number(new URL(second.url).port) })).rejects.toThrow("EADDRINUSE");
});
