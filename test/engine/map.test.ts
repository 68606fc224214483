import { expect, test } from "vitest";
import type { Topology } from "../../cli/src/topology/topology.js";
import { runCommand } from "../cli/run-command.js";
import { isolatedEnv } from "../../tools/pulumi-env.mjs";
import path from "node:path";
import { useEngine } from "./stack.js";

const engine = useEngine();

test("map --stack draws what the real engine's state holds, single resources and sets; --live what nobody manages", async () => {
  const stack = engine.stack(`
    new OrgConnection("payments-to-security", { sinkOrgId: "${engine.id("security")}", connectionTypes: ["audit"], source: "payments" });
    new OrgConnectionSet("search", { source: "search", connections: {
      "${engine.id("observability")}": ["logs", "metrics"],
      "${engine.id("security")}": ["audit"],
    } });`);
  for (const name of ["payments", "search"]) {
    const { apiKey, appKey } = engine.sandbox.organization(name);
    stack.env[`DD_API_KEY__${name.toUpperCase()}`] = apiKey;
    stack.env[`DD_APP_KEY__${name.toUpperCase()}`] = appKey;
  }
  await stack.mustUp();
  engine.sandbox.connect({ source: "payments", sink: "checkout", connectionTypes: ["logs"] });
  const env = isolatedEnv({
    home: path.join(stack.folder, "home"),
    backendDir: path.join(stack.folder, "backend"),
    binDir: process.env["PULUMI_TEST_BIN"] ?? "",
    extra: stack.env,
  });
  const draw = async (...args: string[]) => {
    const ran = await runCommand(
      ["map", "--stack", "dev", "--cwd", stack.folder, "--format", "json", ...args],
      { env },
    );
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    const { organizations, connections, stacks } = JSON.parse(ran.stdout) as Topology;
    const name = (id: string) => organizations.find((one) => one.id === id)?.name ?? "";
    const rows = connections.map(
      ({ sourceOrgId, sinkOrgId, connectionTypes, managedBy = [] }) =>
        `${name(sourceOrgId)} → ${name(sinkOrgId)}: ${connectionTypes.join(", ")} (${managedBy.join()})`,
    );
    return { rows, stacks };
  };
  const managed = [
    "Acme Payments → Acme Security: audit (engine-test/dev)",
    "Acme Search → Acme Observability: logs, metrics (engine-test/dev)",
    "Acme Search → Acme Security: audit (engine-test/dev)",
  ];
  expect(await draw()).toEqual({ stacks: ["engine-test/dev"], rows: managed });
  const { rows } = await draw("--live");
  expect(rows).toEqual(["Acme Payments → Acme Checkout: logs ()", ...managed]);
});
