import { expect, it } from "vitest";
import { useEngine } from "./stack.js";

const engine = useEngine();
const declare = (source: string, sink: string) =>
  `new OrgConnection("${sink}", { source: "${source}", sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: ["logs"] });`;

function createStack(program: string) {
  const stack = engine.createStack(program);
  const { DD_API_KEY: apiKey, DD_APP_KEY: appKey, DD_HOST: host } = stack.env;
  stack.env = Object.fromEntries(
    Object.entries({ API_KEY: apiKey, APP_KEY: appKey, HOST: host }).map(([name, value]) => [
      `DD_${name}__TEAM_01`,
      value ?? "",
    ]),
  );
  return stack;
}

it("a program may change the spelling of a name in the run that also refreshes", async () => {
  const stack = createStack(declare("TEAM_01", "observability"));
  await stack.expectUp();
  stack.writeProgram(declare("team-01", "observability") + declare("team-01", "security"));
  const { steps, requests } = await stack.expectUp("--refresh");
  expect(steps).toEqual(expect.arrayContaining(["update observability", "create security"]));
  expect(requests.filter((request) => !request.startsWith("GET"))).toEqual(["POST /api/v2/org_connections"]);
});

it("a state with two spellings of a name can be refreshed and destroyed", async () => {
  const stack = createStack(declare("TEAM_01", "observability"));
  await stack.expectUp();
  stack.writeProgram(declare("TEAM_01", "observability") + declare("team-01", "security"));
  await stack.expectUp();
  await stack.expectUp("--refresh");
  expect((await stack.refresh()).errors).toEqual([]);
  expect((await stack.destroy()).errors).toEqual([]);
  expect(engine.listLive()).toEqual([]);
});
