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

it("a destination stays known while the source is unknown: an update, not a replacement", async () => {
  const [hub, security] = [engine.getOrgId("observability"), engine.getOrgId("security")];
  const declare = (source: string) => `
    new OrgConnection("hub", { source: ${source}, sinkOrgId: "${hub}", connectionTypes: ["logs"] });
    new OrgConnectionSet("all", { source: ${source}, connections: { "${security}": ["logs"] } });`;
  const stack = engine.createStack(declare(`"payments"`));
  const { DD_HOST, DD_API_KEY, DD_APP_KEY } = stack.env;
  Object.assign(stack.env, {
    DD_HOST__PAYMENTS: DD_HOST,
    DD_API_KEY__PAYMENTS: DD_API_KEY,
    DD_APP_KEY__PAYMENTS: DD_APP_KEY,
  });
  await stack.expectUp();
  // The next preview does not know when this connection is created.
  const later = `new OrgConnection("later", { source: "payments", sinkOrgId: "${engine.getOrgId("search")}" }).createdAt`;
  stack.writeProgram(`const later = ${later}.apply(() => "payments"); ${declare("later")}`);
  const preview = await stack.preview();
  expect(preview.errors).toEqual([]);
  expect(preview.steps.sort()).toEqual(["create later", "update all", "update hub"]);
  expect(preview.output).not.toContain("will be deleted");
});
