/**
 * A resource of `@pulumi/datadog` stays, but gives up its pair with `deleteBeforeReplace`, and a resource of this package that depends
 * on it adopts the pair in the same change. An imitation replaces the official plugin, which no package registry serves.
 */
import { expect, test } from "vitest";
import { runCommand } from "../cli/run-command.js";
import type { Link } from "./migration.js";
import { createOfficialStack, formatName, formatOfficialProgram } from "./official-stack.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const link: Link = { source: "payments", sink: "observability", connectionTypes: ["logs"] };

/** Declares the official resource with another destination. */
const declareOfficial = (options: string) =>
  formatOfficialProgram(engine, [link])
    .replace(engine.getOrgId(link.sink), engine.getOrgId("security"))
    .replace("{ provider: payments }", `{ provider: payments, deleteBeforeReplace: true, ${options} }`)
    .replace("new DatadogOrgConnection", "const official = new DatadogOrgConnection");

const declareAdopting = (name: string, sink: string, options: string) => {
  const args = {
    source: "payments",
    sinkOrgId: engine.getOrgId(sink),
    connectionTypes: ["logs"],
    adopt: true,
  };
  return `const ${name} = new OrgConnection("${name}", ${JSON.stringify(args)}, { ${options} });`;
};

/** Reviews the next change, and returns the exit code and what happens to the connection of the official resource. */
async function review(stack: Stack) {
  stack.writeFile("preview.json", await stack.previewAsJson());
  stack.writeFile("state.json", (await stack.runPulumi(["stack", "export"])).stdout);
  const { code, stdout } = await runCommand(
    ["review", "preview.json", "--state", "state.json", "--format", "json", "--lookup"],
    { cwd: stack.folder, env: stack.getEnvironment() },
  );
  const { changes } = JSON.parse(stdout) as { changes: { resource: string }[] };
  return { code, change: changes.find(({ resource }) => resource === formatName(link)) };
}

test.each([
  ["and no other resource has read the list of connections", ""],
  ["and another resource has read the list of connections before", "first"],
])("sharing stops, and the pair is created again, as the review says: %s", async (_, first) => {
  const stack = await createOfficialStack(engine, [link]);
  const [official] = engine.sandbox.listConnections();
  engine.sandbox.connect({ source: "payments", sink: "search", connectionTypes: ["logs"] });
  const own = declareAdopting("own", link.sink, "dependsOn: [official]");
  stack.writeProgram(
    first === ""
      ? `${declareOfficial("")}\n${own}`
      : `${declareAdopting(first, "search", "")}\n${declareOfficial(`dependsOn: [${first}]`)}\n${own}`,
  );
  expect(await review(stack)).toMatchObject({
    code: 4,
    change: {
      kind: "replace",
      connectionId: official?.id,
      deleteFirst: true,
      otherOwners: [{ name: "own" }],
      mayBeRecreated: true,
    },
  });
  const { requests } = await stack.expectUp();
  expect(requests).toContain(`DELETE /api/v2/org_connections/${official?.id ?? ""}`);
  expect(engine.listLive().toSorted()).toEqual([
    "payments → observability: logs",
    "payments → search: logs",
    "payments → security: logs",
  ]);
  const created = engine.sandbox
    .listConnections()
    .find(({ sinkOrgId }) => sinkOrgId === engine.getOrgId(link.sink));
  const state = await stack.loadState();
  expect(state.find(({ urn }) => urn.endsWith("::own"))?.id).toBe(created?.id);
});
