import { describe, expect, test } from "vitest";
import {
  CONNECTIONS,
  create,
  list,
  deleteConnection,
  send,
  UNKNOWN_ID,
  update,
  useSandbox,
} from "./harness.js";

const sandbox = useSandbox();

async function sendList(headers: Record<string, string>, query = "") {
  const response = await fetch(`${sandbox().url}${CONNECTIONS}${query}`, { headers });
  return [response.status, await response.json()];
}

const API = { "DD-API-KEY": "sandbox-api-key-payments" };
const APP = { "DD-APPLICATION-KEY": "sandbox-app-key-payments" };

test.each([
  ["both keys", {}],
  ["the application key", API],
  ["the API key", APP],
])("without %s the response is 401", async (_, headers) => {
  expect(await sendList(headers)).toEqual([401, { errors: ["Unauthorized"] }]);
});

test.each([
  ["an unknown API key", { ...APP, "DD-API-KEY": "sandbox-api-key-unknown" }],
  ["an unknown application key", { ...API, "DD-APPLICATION-KEY": "sandbox-app-key-unknown" }],
  ["another organization's application key", { ...API, "DD-APPLICATION-KEY": "sandbox-app-key-checkout" }],
  [
    "a disabled organization's keys",
    { "DD-API-KEY": "sandbox-api-key-retired", "DD-APPLICATION-KEY": "sandbox-app-key-retired" },
  ],
])("with %s the response is 403", async (_, headers) => {
  expect(await sendList(headers)).toEqual([403, { errors: ["Forbidden"] }]);
});

test("keys may be query parameters; the log shows this without the keys", async () => {
  sandbox().connect({ source: "payments", sink: "observability" });
  const query = "?api_key=sandbox-api-key-payments&application_key=sandbox-app-key-payments&limit=5";
  const [status, body] = await sendList({}, query);
  expect([status, body]).toMatchObject([200, { data: [{ type: "org_connection" }] }]);
  expect(sandbox().requests[0]).toMatchObject({
    auth: "query",
    organization: "payments",
    query: { api_key: "", application_key: "", limit: "5" },
  });
});

test("keys in headers and in the query are not mixed: headers take precedence", async () => {
  await sendList(
    { ...API, ...APP },
    "?api_key=sandbox-api-key-checkout&application_key=sandbox-app-key-checkout",
  );
  expect(sandbox().requests[0]).toMatchObject({ auth: "headers", organization: "payments", status: 200 });
});

describe("permissions", () => {
  const refused = [403, { errors: ["Failed permission authorization checks"] }];

  test("permission to read suffices only for the list", async () => {
    const { id } = sandbox().getOrganization("observability");
    expect((await list(sandbox(), "", "readonly")).status).toBe(200);
    const others = [
      await create(sandbox(), id, ["logs"], "readonly"),
      await update(sandbox(), UNKNOWN_ID, ["logs"], "readonly"),
      await deleteConnection(sandbox(), UNKNOWN_ID, "readonly"),
      await send(sandbox(), "readonly", "GET", "/api/v2/org"),
    ];
    expect(others.map(({ status, body }) => [status, body])).toEqual([refused, refused, refused, refused]);
  });

  test("org_management suffices for all calls", async () => {
    sandbox().setPermissions("payments", ["org_management"]);
    const { id } = sandbox().getOrganization("observability");
    expect((await create(sandbox(), id)).status).toBe(200);
    expect((await list(sandbox())).status).toBe(200);
    expect((await send(sandbox(), "payments", "GET", "/api/v2/org")).status).toBe(200);
  });

  test("permission to write does not suffice for the list", async () => {
    sandbox().setPermissions("payments", ["org_connections_write"]);
    const { status, body } = await list(sandbox());
    expect([status, body]).toEqual(refused);
  });
});

test("without cross-organization visibility, calls for connections return 403, and organizations are listed", async () => {
  const responses = [
    await list(sandbox(), "", "nofeature"),
    await create(sandbox(), UNKNOWN_ID, ["logs"], "nofeature"),
    await update(sandbox(), UNKNOWN_ID, ["logs"], "nofeature"),
    await deleteConnection(sandbox(), UNKNOWN_ID, "nofeature"),
  ];
  for (const { status, body } of responses) {
    expect([status, body]).toEqual([
      403,
      { errors: ["Cross-organization connections are not enabled for this organization"] },
    ]);
  }
  expect((await send(sandbox(), "nofeature", "GET", "/api/v2/org")).status).toBe(200);
});

test("rotated keys: the new ones work, the old ones are refused", async () => {
  const { apiKey, appKey } = sandbox().rotateKeys("payments");
  expect((await sendList({ "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey }))[0]).toBe(200);
  expect(await sendList({ ...API, ...APP })).toEqual([403, { errors: ["Forbidden"] }]);
});

test.each([
  ["GET", "/api/v2/users"],
  ["PUT", CONNECTIONS],
  ["GET", `${CONNECTIONS}/${UNKNOWN_ID}`],
  ["POST", "/api/v2/org"],
])("%s %s is not imitated and returns 501", async (method, path) => {
  const { status, body } = await send(sandbox(), "payments", method, path);
  expect([status, body]).toEqual([501, { errors: [`the sandbox does not imitate ${method} ${path}`] }]);
  expect(sandbox().requests[0]).not.toHaveProperty("route");
});
