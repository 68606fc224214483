import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AzureIdentity } from "../../../core/src/api/identity.js";
import { catchError, expectNoTrace, useServers } from "../api/harness.js";
import { createContext, createToken, NOW, ORGANIZATION_ID, sendJson } from "./harness.js";

const SCOPE = "api://datadog-example/.default";
/** Its audience is the application, not the organization. */
const TOKEN = createToken({ iss: "https://sts.windows.net/tenant/", aud: "api://datadog-example" });
const startServer = useServers();

beforeEach(() => {
  vi.unstubAllEnvs();
  for (const name of ["CLIENT_ID", "TENANT_ID", "CLIENT_SECRET", "FEDERATED_TOKEN_FILE"])
    vi.stubEnv(`AZURE_${name}`, undefined);
  vi.resetModules();
});

async function obtain(identity: AzureIdentity, env: Record<string, string> = {}): Promise<string> {
  const { obtainProof } = await import("../../../core/src/identity/obtain-proof.js");
  return obtainProof(identity, ORGANIZATION_ID, createContext(env));
}

describe("the proof is an access token and the organization", () => {
  test.each(["DD_AZURE_ACCESS_TOKEN__PAYMENTS", "DD_AZURE_ACCESS_TOKEN"])("from %s", async (name) => {
    expect(await obtain({ type: "azure" }, { [name]: TOKEN })).toBe(`${TOKEN}:${ORGANIZATION_ID}`);
  });

  test("of the managed identity of an app, for the configured scope", async () => {
    const resources: (string | null)[] = [];
    const url = await startServer((request, response) => {
      resources.push(new URL(request.url ?? "", "http://app").searchParams.get("resource"));
      const expires = String(Math.floor(Date.now() / 1000) + 3600);
      sendJson(response, {
        access_token: TOKEN,
        expires_on: expires,
        resource: "api://datadog-example",
        token_type: "Bearer",
      });
    });
    vi.stubEnv("IDENTITY_ENDPOINT", `${url}/msi/token`);
    vi.stubEnv("IDENTITY_HEADER", "canary-header");
    expect(await obtain({ type: "azure", scope: SCOPE })).toBe(`${TOKEN}:${ORGANIZATION_ID}`);
    expect(resources).toEqual(["api://datadog-example"]);
  });
});

describe("without a token, the error says what to do", () => {
  test("if no scope is set, which Datadog does not publish", async () => {
    const error = await catchError(obtain({ type: "azure" }));
    expect(error.code).toBe("identity-missing");
    expect(error.happened).toContain('organization "payments"');
    expect(error.advice).toContain("`scope`");
    expect(error.advice).toContain("DD_AZURE_ACCESS_TOKEN__PAYMENTS");
  });

  test("if it has expired", async () => {
    const token = createToken({ exp: NOW / 1000 - 1 });
    const error = await catchError(obtain({ type: "azure" }, { DD_AZURE_ACCESS_TOKEN: token }));
    expect(error.code).toBe("identity-invalid");
    expect(error.happened).toContain("expired");
    expectNoTrace(error, [token]);
  });
});
