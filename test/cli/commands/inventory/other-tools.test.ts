import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createEnv } from "../../live-env.js";
import { createShownState } from "../../plans.js";
import { runCommand } from "../../run-command.js";
import { useSandbox } from "../../../sandbox/harness.js";

interface Report {
  connections: { id: string; managedBy: { tool: string; location: string; address: string }[] }[];
}

describe("connections that other tools manage", () => {
  const sandbox = useSandbox();
  const folder = mkdtempSync(path.join(tmpdir(), "other-tools-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Writes a Terraform state with this connection, and a stack of `@pulumi/datadog` with both. */
  function writeStates(hub: string, security: string): string[] {
    const getId = (key: string) => sandbox().getOrganization(key).id;
    const createOutputs = (sink: string) => ({
      sourceOrgId: getId("payments"),
      sinkOrgId: getId(sink),
      connectionTypes: ["logs"],
    });
    const type = "datadog:index/orgConnection:OrgConnection";
    const createResource = (name: string, id: string) => ({
      urn: `urn:pulumi:dev::acme::${type}::${name}`,
      type,
      id,
      outputs: createOutputs(name),
    });
    const terraform = createShownState({
      'datadog_org_connection.all["hub"]': {
        id: hub,
        source_org_id: getId("payments"),
        sink_org_id: getId("observability"),
        connection_types: ["logs"],
      },
    });
    const resources = [createResource("observability", hub), createResource("security", security)];
    writeFileSync(path.join(folder, "terraform.json"), JSON.stringify(terraform));
    writeFileSync(path.join(folder, "stack.json"), JSON.stringify({ version: 3, deployment: { resources } }));
    return ["--state", "stack.json", "--state", "terraform.json"];
  }

  test("are managed by the stack, or by the file and address; two owners are reported", async () => {
    const hub = sandbox().connect({ source: "payments", sink: "observability" });
    const security = sandbox().connect({ source: "payments", sink: "security" });
    const unmanaged = sandbox().connect({ source: "payments", sink: "search" });
    const options = { env: createEnv(sandbox(), ["payments"]), cwd: folder };
    const args = ["inventory", ...writeStates(hub, security)];
    const json = await runCommand([...args, "--format", "json"], options);
    const { connections } = JSON.parse(json.stdout) as Report;
    const getOwners = (id: string) => connections.find((one) => one.id === id)?.managedBy;
    expect(json.code).toBe(0);
    expect(getOwners(unmanaged)).toEqual([]);
    expect(getOwners(security)).toMatchObject([{ tool: "pulumi-datadog", location: "acme/dev" }]);
    expect(getOwners(hub)).toMatchObject([
      { tool: "pulumi-datadog", location: "acme/dev" },
      { tool: "terraform", location: "terraform.json", address: 'datadog_org_connection.all["hub"]' },
    ]);
    const warning = `MANAGED TWICE: ${hub}: acme/dev: observability, terraform.json: datadog_org_connection.all["hub"].`;
    expect(json.stderr).toContain(warning);
    const table = await runCommand(args, options);
    expect(table.stdout).toContain(warning);
    expect(table.stdout).toContain(
      'acme/dev: observability, terraform.json: datadog_org_connection.all["hub"]',
    );
    expect((await runCommand([...args, "--fail-on", "unmanaged"], options)).code).toBe(6);
  });

  test("are drawn by map, which reports two owners too", async () => {
    const hub = "00000000-0000-4000-8000-000000000001";
    const states = writeStates(hub, "00000000-0000-4000-8000-000000000002");
    const { code, stdout, stderr } = await runCommand(["map", ...states, "--format", "json"], {
      cwd: folder,
    });
    const { connections } = JSON.parse(stdout) as { connections: { id: string; managedBy: string[] }[] };
    expect(code).toBe(0);
    expect(connections.find(({ id }) => id === hub)?.managedBy).toEqual(["acme/dev", "terraform.json"]);
    expect(stderr).toContain(`MANAGED TWICE: ${hub}: acme/dev: observability, terraform.json: `);
  });
});
