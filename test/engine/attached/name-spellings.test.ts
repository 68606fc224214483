import { expect, it } from "vitest";
import { OrgConnection } from "../../../provider/src/index.js";
import { useEngine } from "../stack.js";

const engine = useEngine();
/** Returns a program with a connection to each destination; its source has this spelling. */
const declare = (sourceBySink: Record<string, string>) => () => {
  for (const [sink, source] of Object.entries(sourceBySink))
    new OrgConnection(sink, { source, sinkOrgId: engine.getOrgId(sink), connectionTypes: ["logs"] });
};

function createStack() {
  const stack = engine.createStack(declare({ observability: "TEAM_01" }));
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
  const stack = createStack();
  await stack.expectUp();
  stack.writeProgram(declare({ observability: "team-01", security: "team-01" }));
  const { steps, requests } = await stack.expectUp("--refresh");
  expect(steps).toEqual(expect.arrayContaining(["update observability", "create security"]));
  expect(requests.filter((request) => !request.startsWith("GET"))).toEqual(["POST /api/v2/org_connections"]);
});

it("a state with two spellings of a name can be refreshed and destroyed", async () => {
  const stack = createStack();
  await stack.expectUp();
  stack.writeProgram(declare({ observability: "TEAM_01", security: "team-01" }));
  await stack.expectUp();
  await stack.expectUp("--refresh");
  expect((await stack.refresh()).errors).toEqual([]);
  expect((await stack.destroy()).errors).toEqual([]);
  expect(engine.listLive()).toEqual([]);
});
