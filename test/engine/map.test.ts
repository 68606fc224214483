import { expect, test } from "vitest";
import type { Topology } from "../../cli/src/topology/topology.js";
import { runCommand } from "../cli/run-command.js";
import { createIsolatedEnv } from "../../tools/pulumi-env.mjs";
import path from "node:path";
import { useEngine } from "./stack.js";

const engine = useEngine();

test("map --stack draws the single resources and sets of the real engine's state; --live also unmanaged connections", async () => {
  const stack = engine.createStack(`
    new OrgConnection("payments-to-security", { sinkOrgId: "${engine.getOrgId("security")}", connectionTypes: ["audit"], source: "payments" });
    new OrgConnectionSet("search", { source: "search", connections: {
      "${engine.getOrgId("observability")}": ["logs", "metrics"],
      "${engine.getOrgId("security")}": ["audit"],
    } });`);
  for (const name of ["payments", "search"]) {
    const { apiKey, appKey } = engine.sandbox.getOrganization(name);
    stack.env[`DD_API_KEY__${name.toUpperCase()}`] = apiKey;
    stack.env[`DD_APP_KEY__${name.toUpperCase()}`] = appKey;
  }
  await stack.expectUp();
  engine.sandbox.connect({ source: "payments", sink: "checkout", connectionTypes: ["logs"] });
  const env = createIsolatedEnv({
    home: path.join(stack.folder, "home"),
    backendDir: path.join(stack.folder, "backend"),
    binDir: process.env["PULUMI_TEST_BIN"] ?? "",
    extra: stack.env,
  });
  const drawMap = async (...args: string[]) => {
    const ran = await runCommand(
      ["map", "--stack", "dev", "--cwd", stack.folder, "--format", "json", ...args],
      { env },
    );
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    const { organizations, connections, stacks } = JSON.parse(ran.stdout) as Topology;
    const findName = (id: string) => organizations.find((one) => one.id === id)?.name ?? "";
    const rows = connections.map(
      ({ sourceOrgId, sinkOrgId, connectionTypes, managedBy = [] }) =>
        `${findName(sourceOrgId)} → ${findName(sinkOrgId)}: ${connectionTypes.join(", ")} (${managedBy.join()})`,
    );
    return { rows, stacks };
  };
  const managed = [
    "Acme Payments → Acme Security: audit (engine-test/dev)",
    "Acme Search → Acme Observability: logs, metrics (engine-test/dev)",
    "Acme Search → Acme Security: audit (engine-test/dev)",
  ];
  expect(await drawMap()).toEqual({ stacks: ["engine-test/dev"], rows: managed });
  const { rows } = await drawMap("--live");
  expect(rows).toEqual(["Acme Payments → Acme Checkout: logs ()", ...managed]);
});
