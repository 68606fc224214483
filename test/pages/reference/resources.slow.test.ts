/** Runs the programs of docs/reference/resources.md with the real engine. */
import { expect, test } from "vitest";
import { createEnv } from "../../cli/live-env.js";
import { useSandbox } from "../../sandbox/harness.js";
import { usePage } from "../page.js";
import { useShells } from "../shell.js";

const { takeBlock } = usePage("docs/reference/resources.md");
const { createShell } = useShells();
const sandbox = useSandbox();

/** Runs `pulumi up` and `pulumi destroy` with a program. Returns what was live in between. */
async function deploy(program: string) {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const shell = createShell(
    { "Pulumi.yaml": "name: acme\nruntime: nodejs\n", "index.ts": program },
    // The functions use the default credentials.
    { ...createEnv(sandbox(), ["payments"]), DD_HOST: sandbox().url, DD_API_KEY: apiKey, DD_APP_KEY: appKey },
  );
  await shell.run("pulumi stack init dev\npulumi up --yes");
  const live = sandbox()
    .listConnections()
    .map(({ sourceOrgId, sinkOrgId, connectionTypes }) => [sourceOrgId, sinkOrgId, connectionTypes]);
  await shell.run("pulumi up --yes --expect-no-changes\npulumi destroy --yes");
  expect(sandbox().listConnections()).toEqual([]);
  return live;
}

const getId = (key: string): string => sandbox().getOrganization(key).id;

test("the program with one connection creates it", async () => {
  expect(await deploy(takeBlock("Resources", "ts"))).toEqual([
    [getId("payments"), getId("observability"), ["logs", "metrics"]],
  ]);
}, 300_000);

test("the program with a set creates its connections", async () => {
  const live = await deploy(takeBlock("OrgConnectionSet", "ts"));
  expect(live.sort()).toEqual([
    [getId("payments"), getId("observability"), ["logs", "metrics"]],
    [getId("payments"), getId("security"), ["audit"]],
  ]);
}, 300_000);
