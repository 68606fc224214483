/** What the real engine does with the previews, differences and options of the plugin's resources, in a JavaScript program. */
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { useEngine } from "../stack.js";

const engine = useEngine();

/** A single connection of the plugin, as the generated SDK declares it. */
class Connection extends pulumi.CustomResource {
  declare readonly sourceOrgId: pulumi.Output<string>;
  declare readonly sourceOrgName: pulumi.Output<string>;
  declare readonly sinkOrgName: pulumi.Output<string>;
  declare readonly createdAt: pulumi.Output<string>;

  constructor(name: string, args: object, options?: pulumi.CustomResourceOptions) {
    const outputs = {
      sourceOrgId: undefined,
      sourceOrgName: undefined,
      sinkOrgName: undefined,
      createdAt: undefined,
    };
    super("datadog-org-connections:index:OrgConnection", name, { ...outputs, ...args }, options);
  }
}

/** The SDK does not declare this property. */
const isKnown = (output: object): Promise<boolean> => (output as { isKnown: Promise<boolean> }).isKnown;

/** The outputs that the last run of a program knew. */
let known: string[] = [];

/** Returns a program that declares a connection and waits for what is known of its outputs. */
const declare =
  (args: object, options?: pulumi.CustomResourceOptions, name = "hub") =>
  async () => {
    const connection = new Connection(
      name,
      { sinkOrgId: engine.getOrgId("observability"), ...args },
      options,
    );
    const { sourceOrgId, sourceOrgName, sinkOrgName, createdAt, id } = connection;
    const outputs = Object.entries({ sourceOrgId, sourceOrgName, sinkOrgName, createdAt, id });
    const areKnown = await Promise.all(outputs.map(([, output]) => isKnown(output)));
    known = outputs.flatMap(([key], at) => (areKnown[at] ? [key] : []));
  };
const LOGS = { connectionTypes: ["logs"] };

it("a preview knows what is certain: of a create, of an adoption and of an update", async () => {
  const stack = engine.createStack(declare(LOGS));
  await stack.preview();
  expect(known).toEqual(["sourceOrgId", "sourceOrgName", "sinkOrgName"]);
  const sandboxId = engine.sandbox.connect({ source: "payments", sink: "observability" });
  stack.writeProgram(declare({ ...LOGS, adopt: true }));
  const all = ["sourceOrgId", "sourceOrgName", "sinkOrgName", "createdAt", "id"];
  await stack.preview();
  expect(known).toEqual(all);
  await stack.expectUp();
  expect(await stack.loadState()).toContainEqual(expect.objectContaining({ id: sandboxId }));
  stack.writeProgram(declare({ connectionTypes: ["audit", "logs"], adopt: true }));
  const preview = await stack.preview();
  expect(known).toEqual(all);
  expect(preview.output).toMatch(/connectionTypes: \[\s*\+ \[0\]: "audit"/);
});

it("options: an alias writes nothing, replaceOnChanges deletes first, customTimeouts ends a create", async () => {
  const stack = engine.createStack(declare(LOGS, { customTimeouts: { create: "1us" } }));
  const timedOut = await stack.up();
  expect(timedOut.code).not.toBe(0);
  expect(timedOut.output).toContain("[deadline-exceeded]");
  expect(engine.sandbox.listConnections()).toEqual([]);
  stack.writeProgram(declare(LOGS));
  await stack.expectUp();
  const [created] = engine.sandbox.listConnections();
  stack.writeProgram(declare(LOGS, { aliases: [{ name: "hub" }] }, "renamed"));
  const renamed = await stack.expectUp();
  expect(renamed.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  stack.writeProgram(
    declare({ connectionTypes: ["audit"] }, { replaceOnChanges: ["connectionTypes"] }, "renamed"),
  );
  const replaced = await stack.expectUp();
  expect(
    replaced.requests.filter((request) => !request.startsWith("GET")).map((request) => request.split(" ")[0]),
  ).toEqual(["DELETE", "POST"]);
  expect(engine.sandbox.listConnections()).toMatchObject([{ connectionTypes: ["audit"] }]);
  expect(engine.sandbox.listConnections()[0]?.id).not.toBe(created?.id);
});
