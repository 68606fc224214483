import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { startSandbox, type Sandbox } from "datadog-org-connections-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";

let sandbox: Sandbox;
let backend: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  backend = await mkdtemp(join(tmpdir(), "backend-"));
});
afterAll(async () => {
  await sandbox.close();
  await rm(backend, { recursive: true });
});

test("up creates the connection, repairs it, and destroy deletes it", { timeout: 300_000 }, async () => {
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", workDir: __dirname },
    {
      envVars: {
        DD_HOST: sandbox.url,
        DD_API_KEY: apiKey,
        DD_APP_KEY: appKey,
        PULUMI_BACKEND_URL: pathToFileURL(backend).href,
        PULUMI_CONFIG_PASSPHRASE: "test",
      },
    },
  );
  const listTypes = () => sandbox.listConnections().map(({ connectionTypes }) => connectionTypes);

  await stack.up();
  expect(sandbox.listConnections()).toMatchObject([
    {
      sinkOrgId: sandbox.getOrganization("observability").id,
      connectionTypes: ["logs", "metrics"],
    },
  ]);

  // A second up changes nothing and writes nothing.
  sandbox.clearRequests();
  await stack.up({ expectNoChanges: true });
  expect(sandbox.requests.filter(({ method }) => method !== "GET")).toEqual([]);

  // A manual change is repaired, although the first PATCH fails.
  for (const { id } of sandbox.listConnections()) sandbox.changeTypes(id, ["logs"]);
  sandbox.fail({
    on: { route: "updateConnection" },
    moment: "before",
    what: { kind: "status", status: 503 },
  });
  await stack.up({ refresh: true });
  expect(listTypes()).toEqual([["logs", "metrics"]]);

  await stack.destroy();
  expect(listTypes()).toEqual([]);
});
