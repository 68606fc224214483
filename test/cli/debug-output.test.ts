import { expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/index.js";
import { SITE, useFakeProxies } from "../core/api/fake-proxy.js";
import { runBuilt } from "./built-command.js";

const start = useFakeProxies();

test.each([
  ["the package loads it", []],
  ["it was loaded before", ["--require", "debug"]],
])("DEBUG=* prints neither a proxy's password nor credentials in a query if %s", async (_, nodeArguments) => {
  const proxy = await start(() => ({ status: 403, body: {} }));
  const { stdout, stderr } = await runBuilt(["inventory"], {
    nodeArguments,
    env: {
      DEBUG: "*",
      DD_API_KEY: "canary-api-key",
      DD_APP_KEY: "canary-app-key",
      DD_HOST: SITE,
      HTTPS_PROXY: proxy.url.replace("http://", "http://canary-user:canary-password@"),
    },
  });
  expect(proxy.connects()).toBe(1);
  expect(stdout + stderr).toContain("The proxy in HTTPS_PROXY refused");
  expect(stdout + stderr).not.toContain("canary");
});

test("DEBUG=* prints neither the proof of a workload identity nor the access token", async () => {
  const sandbox = await startSandbox();
  const { url, issuer } = sandbox;
  sandbox.mapIdentity({ organization: "payments", identity: { type: "jwt", claims: { iss: issuer.url } } });
  const { stdout, stderr } = await runBuilt(["inventory", "--format", "json"], {
    env: {
      DEBUG: "*",
      DD_HOST: url,
      DD_CLOUD_PROVIDER_TYPE: "github",
      DD_ORG_UUID: sandbox.getOrganization("payments").id,
      ACTIONS_ID_TOKEN_REQUEST_URL: issuer.github.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.github.requestToken,
    },
  });
  await sandbox.close();
  expect(stdout, stderr).toContain("Acme Payments");
  expect(stdout + stderr).not.toMatch(/eyJ|sandbox-access-token|sandbox-github-request-token/);
});
