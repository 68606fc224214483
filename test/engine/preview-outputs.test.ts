/**
 * Which outputs the preview of an update knows. For a dynamic resource, the engine knows only its inputs: the process does not declare
 * that it supports previews, so the engine does not call update, and it does not pass `stables` of diff to the engine
 * (pulumi/pulumi, sdk/nodejs/cmd/dynamic-provider). If this test fails after an update of Pulumi, `sourceOrgName` can stay known.
 */
import { expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();

it("the name of the source is unknown while the types change; getOrganization returns it", async () => {
  const declare = (types: string) => `
    const connection = new OrgConnection("hub", { sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: [${types}] });
    const { name } = await getOrganization({ id: "${engine.getOrgId("payments")}" });
    const areKnown = await Promise.all([connection.sourceOrgName, connection.sinkOrgId].map(({ isKnown }) => isKnown));
    console.log(JSON.stringify({ areKnown, name }));`;
  const stack = engine.createStack(declare(`"logs"`));
  await stack.expectUp();
  expect((await stack.preview()).output).toContain(`{"areKnown":[true,true],"name":"Acme Payments"}`);

  stack.writeProgram(declare(`"metrics"`));
  stack.env = { ...stack.env, PULUMI_DEBUG_GRPC: "grpc.json" };
  const preview = await stack.preview();
  expect(preview.steps).toEqual(["update hub"]);
  expect(preview.output).toContain(`{"areKnown":[false,true],"name":"Acme Payments"}`);
  const trace = stack.readFile("grpc.json");
  expect(trace).toContain("/pulumirpc.ResourceProvider/Diff");
  expect(trace).not.toContain("/pulumirpc.ResourceProvider/Update");
});
