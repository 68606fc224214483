import { describe, expect, test } from "vitest";
import { CONNECTIONS, useSandbox } from "./harness.js";

const sandbox = useSandbox();

async function get(headers: Record<string, string>, path = CONNECTIONS) {
  const response = await fetch(`${sandbox().url}${path}`, { headers });
  return response.status;
}
const authorize = (token: string) => ({ Authorization: `Bearer ${token}` });
const token = (key = "payments") => sandbox().getOrganization(key).bearerToken;

test("a request with a bearer token and no key is one of its organization; the log shows the kind, not the token", async () => {
  expect(token()).toBe("sandbox-bearer-token-payments");
  expect(await get(authorize(token()))).toBe(200);
  expect(sandbox().requests[0]).toMatchObject({
    auth: "headers",
    credentials: "token",
    organization: "payments",
  });
  expect(JSON.stringify(sandbox().requests)).not.toContain(token());
});

test("it has the permissions of its organization", async () => {
  expect(await get(authorize(token("readonly")))).toBe(200);
  expect(await get(authorize(token("readonly")), "/api/v2/org")).toBe(403);
});

describe("401", () => {
  test.each([
    ["an unknown token", () => authorize("unknown")],
    ["the token of a disabled organization", () => authorize(token("retired"))],
    ["a token without the scheme Bearer", () => ({ Authorization: token() })],
    [
      "a token together with a key",
      () => ({ ...authorize(token()), "DD-API-KEY": "sandbox-api-key-payments" }),
    ],
  ])("for %s", async (_, headers) => {
    expect(await get(headers())).toBe(401);
    expect(sandbox().requests[0]).not.toHaveProperty("organization");
  });

  test("for a rotated token; the new one works, and so do the keys", async () => {
    const old = token();
    const next = sandbox().rotateToken("payments");
    expect([await get(authorize(old)), await get(authorize(next))]).toEqual([401, 200]);
    const { apiKey, appKey } = sandbox().getOrganization("payments");
    expect(await get({ "DD-API-KEY": apiKey, "DD-APPLICATION-KEY": appKey })).toBe(200);
  });
});

test("a token together with keys is logged as mixed", async () => {
  await get({ ...authorize(token()), "DD-APPLICATION-KEY": "sandbox-app-key-payments" });
  expect(sandbox().requests[0]).toMatchObject({ credentials: "mixed", status: 401 });
});

test("a token in the header of the application key works, with any API key or none, and counts as keys", async () => {
  expect(await get({ "DD-APPLICATION-KEY": token() })).toBe(200);
  expect(await get({ "DD-APPLICATION-KEY": token(), "DD-API-KEY": "unknown" })).toBe(200);
  expect(sandbox().requests[0]).toMatchObject({ credentials: "keys", organization: "payments" });
});

test("a request without credentials is logged as such", async () => {
  expect(await get({})).toBe(401);
  expect(sandbox().requests[0]).toMatchObject({ auth: "none", credentials: "none" });
});
