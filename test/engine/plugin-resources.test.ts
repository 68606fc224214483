/** What the real engine does with the previews, differences and options of the plugin's resources, in a JavaScript program. */
import path from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../tree.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();
const getOrgId = (key: string) => engine.getOrgId(key);

const CLASSES = `
  const OUTPUTS = { sourceOrgId: undefined, sourceOrgName: undefined, sinkOrgName: undefined, createdAt: undefined };
  class Connection extends pulumi.CustomResource {
    constructor(name, args, options) {
      super("datadog-org-connections:index:OrgConnection", name, { ...OUTPUTS, ...args }, options);
    }
  }
  class ConnectionSet extends pulumi.CustomResource {
    constructor(name, args, options) {
      super("datadog-org-connections:index:OrgConnectionSet", name, { ...OUTPUTS, members: undefined, ...args }, options);
    }
  }`;

/** Creates a stack whose program uses the plugin. */
function createPluginStack(statements: string): Stack {
  const stack = engine.createStack(CLASSES + statements);
  const folder = path.join(ROOT, "plugin");
  stack.writeFile(
    "Pulumi.yaml",
    `name: engine-test
runtime: { name: nodejs, options: { typescript: false } }
plugins:
  providers:
    - { name: datadog-org-connections, path: ${JSON.stringify(folder)} }
`,
  );
  return stack;
}

const declare = (args: string, options = "") => `
  const connection = new Connection("hub", { sinkOrgId: "${getOrgId("observability")}", ${args} }, { ${options} });
  const { sourceOrgId, sourceOrgName, sinkOrgName, createdAt, id } = connection;
  const outputs = { sourceOrgId, sourceOrgName, sinkOrgName, createdAt, id };
  const known = await Promise.all(Object.values(outputs).map(({ isKnown }) => isKnown));
  console.log("known: " + Object.keys(outputs).filter((_, at) => known[at]).join());`;

it("a preview knows what is certain: of a create, of an adoption and of an update", async () => {
  const stack = createPluginStack(declare(`connectionTypes: ["logs"]`));
  expect((await stack.preview()).output).toContain("known: sourceOrgId,sourceOrgName,sinkOrgName\n");
  const sandboxId = engine.sandbox.connect({ source: "payments", sink: "observability" });
  stack.writeProgram(CLASSES + declare(`connectionTypes: ["logs"], adopt: true`));
  expect((await stack.preview()).output).toContain(
    "known: sourceOrgId,sourceOrgName,sinkOrgName,createdAt,id\n",
  );
  await stack.expectUp();
  expect(await stack.loadState()).toContainEqual(expect.objectContaining({ id: sandboxId }));
  stack.writeProgram(CLASSES + declare(`connectionTypes: ["audit", "logs"], adopt: true`));
  const preview = await stack.preview();
  expect(preview.output).toContain("known: sourceOrgId,sourceOrgName,sinkOrgName,createdAt,id\n");
  expect(preview.output).toMatch(/connectionTypes: \[\s*\+ \[0\]: "audit"/);
});

it("options: an alias writes nothing, replaceOnChanges deletes first, customTimeouts ends a create", async () => {
  const stack = createPluginStack(declare(`connectionTypes: ["logs"]`, `customTimeouts: { create: "1us" }`));
  const timedOut = await stack.up();
  expect(timedOut.code).not.toBe(0);
  expect(timedOut.output).toContain("[deadline-exceeded]");
  expect(engine.sandbox.listConnections()).toEqual([]);
  stack.writeProgram(CLASSES + declare(`connectionTypes: ["logs"]`));
  await stack.expectUp();
  const [created] = engine.sandbox.listConnections();
  stack.writeProgram(
    CLASSES +
      declare(`connectionTypes: ["logs"]`, `aliases: [{ name: "hub" }]`).replace('"hub"', '"renamed"'),
  );
  const renamed = await stack.expectUp();
  expect(renamed.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  stack.writeProgram(
    CLASSES +
      declare(`connectionTypes: ["audit"]`, `replaceOnChanges: ["connectionTypes"]`).replace(
        '"hub"',
        '"renamed"',
      ),
  );
  const replaced = await stack.expectUp();
  expect(
    replaced.requests.filter((request) => !request.startsWith("GET")).map((request) => request.split(" ")[0]),
  ).toEqual(["DELETE", "POST"]);
  expect(engine.sandbox.listConnections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  expect(engine.sandbox.listConnections()[0]?.id).not.toBe(created?.id);
});

it("a forced replacement is refused with the existing ID, and adopts its own connection with adopt", async () => {
  const stack = createPluginStack(declare(`connectionTypes: ["logs"]`));
  await stack.expectUp();
  const [{ id } = { id: "" }] = engine.sandbox.listConnections();
  const urn = await stack.findUrn("hub");
  const refused = await stack.up("--replace", urn);
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain(id);
  expect(refused.output).toContain("[pair-exists]");
  stack.writeProgram(CLASSES + declare(`connectionTypes: ["logs"], adopt: true`));
  await stack.expectUp("--replace", urn);
  expect(engine.sandbox.listConnections()).toMatchObject([{ id }]);
});
