import { describe, expect, test } from "vitest";
import { useSandbox } from "./harness.js";

const sandbox = useSandbox();
const keys = { "DD-API-KEY": "sandbox-api-key-payments", "DD-APPLICATION-KEY": "sandbox-app-key-payments" };

async function get(path: string, headers: Record<string, string>): Promise<[number, unknown]> {
  const response = await fetch(`${sandbox().url}${path}`, { headers });
  return [response.status, await response.json()];
}

describe("GET /api/v1/validate", () => {
  test("needs the API key only", async () => {
    expect(await get("/api/v1/validate", { "DD-API-KEY": keys["DD-API-KEY"] })).toEqual([
      200,
      { valid: true },
    ]);
  });

  test.each([
    ["no key, as recorded", {}, "API key required"],
    ["an unknown key", { "DD-API-KEY": "unknown-key" }, "Forbidden"],
    ["a key of a disabled organization", { "DD-API-KEY": "sandbox-api-key-retired" }, "Forbidden"],
  ])("%s: 403", async (_, headers, text) => {
    expect(await get("/api/v1/validate", headers)).toEqual([403, { errors: [text] }]);
  });
});

test("GET /api/v2/validate_keys needs both keys, but no permission and no feature", async () => {
  sandbox().setPermissions("payments", []);
  sandbox().setFeature("payments", false);
  expect(await get("/api/v2/validate_keys", keys)).toEqual([200, { status: "ok" }]);
  expect((await get("/api/v2/validate_keys", { ...keys, "DD-APPLICATION-KEY": "unknown-key" }))[0]).toBe(403);
  expect((await get("/api/v2/validate_keys", { "DD-API-KEY": keys["DD-API-KEY"] }))[0]).toBe(401);
});

describe("GET /api/v2/application_keys", () => {
  test("needs its own permission", async () => {
    expect((await get("/api/v2/application_keys", keys))[0]).toBe(403);
  });

  test("returns the end of the key and its owner, who is included on request", async () => {
    sandbox().setPermissions("payments", ["org_app_keys_read"]);
    const { user } = sandbox().getOrganization("payments");
    const [status, body] = await get("/api/v2/application_keys?include=owned_by", keys);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: [{ attributes: { last4: "ents" }, relationships: { owned_by: { data: { id: user.id } } } }],
      included: [{ type: "users", id: user.id, attributes: { service_account: false } }],
    });
    expect(JSON.stringify(body)).not.toContain(keys["DD-APPLICATION-KEY"]);
    expect((await get("/api/v2/application_keys", keys))[1]).not.toHaveProperty("included");
  });
});
