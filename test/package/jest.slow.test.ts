import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installPackages, packPackages } from "../../tools/packed-package.mjs";
import { CommandFailed, runCommand } from "../../tools/run-command.mjs";

/** Outside of the repository, so that its modules cannot be resolved. */
const place = mkdtempSync(path.join(tmpdir(), "jest-"));

beforeAll(async () => {
  const { provider, sandbox } = await packPackages(path.join(place, "tarballs"));
  await installPackages(place, [provider, sandbox, "@pulumi/pulumi@3.248.0", "jest@30.5.2"]);
}, 300_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Runs tests with Jest. Rejects with its output if one fails, or if Jest does not exit on its own. */
async function runJest(tests: string, variables: Record<string, string> = {}): Promise<void> {
  writeFileSync(path.join(place, "a.test.js"), tests);
  // Without the settings of this shell.
  const env = { PATH: process.env["PATH"], HOME: place, ...variables };
  const run = runCommand(process.execPath, ["node_modules/jest/bin/jest.js", "--ci"], {
    cwd: place,
    env,
    timeoutMs: 60_000,
  });
  await run.catch((error: unknown) => {
    throw error instanceof CommandFailed ? new Error(`${error.reason}\n${error.output}`) : error;
  });
}

// Jest compiles no import() and runs tests in a realm of their own: the errors and Promises of Node's modules have other
// classes there.
it("functions read the sandbox, and fail without hanging if there is no server", async () => {
  await runJest(`
const { rmSync } = require("node:fs");
const path = require("node:path");
const { startSandbox } = require("datadog-org-connections-sandbox");
const { getOrganization, getOrganizations, getOrgConnections } = require("pulumi-datadog-org-connections");

const stateFile = path.join(__dirname, "state.json");
let sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ stateFile });
  const { apiKey, appKey } = sandbox.getOrganization("payments");
  Object.assign(process.env, { DD_HOST: sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey });
});

test("functions", async () => {
  sandbox.connect({ source: "payments", sink: "observability" });
  const hub = await getOrganization({ name: "Acme Observability" });
  expect(hub.id).toBe(sandbox.getOrganization("observability").id);
  expect(await getOrganizations()).toHaveLength(8);
  expect(await getOrgConnections({ sinkOrgId: hub.id })).toHaveLength(1);
});

test("no server", async () => {
  await sandbox.close();
  rmSync(stateFile);
  Object.assign(process.env, { DD_API_KEY: "another", DD_APP_KEY: "another" });
  require("@pulumi/pulumi").runtime.setAllConfig({ "datadog-org-connections:maxAttempts": "1" });
  // ECONNREFUSED, or ECONNRESET of a socket that the sandbox has just closed: all organizations share the sockets.
  await expect(getOrganizations()).rejects.toThrow("connection-failed");
});`);
}, 120_000);

it("the sandbox exchanges a token of its issuer, with the option of Node that docs/reference/sandbox.md names", async () => {
  const tests = `
const { startSandbox } = require("datadog-org-connections-sandbox");

test("exchange", async () => {
  const sandbox = await startSandbox();
  try {
    sandbox.mapIdentity({ organization: "payments", identity: { type: "jwt", claims: {} } });
    const audience = "datadog/" + sandbox.getOrganization("payments").id;
    const exchange = (proof) =>
      fetch(sandbox.url + "/api/v2/delegated-token", { method: "POST", headers: { Authorization: "Delegated " + proof } });
    expect((await exchange(await sandbox.issuer.issueToken({ audience }))).status).toBe(200);
    expect((await exchange(await sandbox.issuer.issueToken({ audience, lifetimeSeconds: 0 }))).status).toBe(401);
  } finally {
    await sandbox.close();
  }
});`;
  await runJest(tests, { NODE_OPTIONS: "--experimental-vm-modules" });
  await expect(runJest(tests)).rejects.toThrow("experimental-vm-modules");
}, 120_000);

it("with setMocks, functions return the results of the mocks, and send no request", async () => {
  await runJest(`
const { readFile } = require("node:fs/promises");
const pulumi = require("@pulumi/pulumi");
const { getOrganizationOutput, OrgConnection } = require("pulumi-datadog-org-connections");

const HUB = "aaaaaaaa-0001-4000-8000-000000000001";
const calls = [];
beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ token, inputs }) => {
      calls.push([token, inputs]);
      return { id: HUB, name: inputs.name };
    },
  }));

test("a program", async () => {
  const hub = getOrganizationOutput({ name: "Acme Observability" });
  const reason = readFile(__filename, "utf8").then(() => "SEC-1");
  const connection = new OrgConnection("to-hub", { sinkOrgId: hub.id, connectionTypes: ["logs"], reason });
  const seen = await new Promise((resolve) => pulumi.all([connection.sinkOrgId, connection.reason]).apply(resolve));
  expect(seen).toEqual([HUB, "SEC-1"]);
  expect(calls).toEqual([["datadog-org-connections:index:getOrganization", { name: "Acme Observability" }]]);
});`);
}, 120_000);

it("a failing test of Jest fails these tests", async () => {
  await expect(runJest(`test("a", () => { throw new Error("no"); });`)).rejects.toThrow("1 failed, 1 total");
}, 120_000);
