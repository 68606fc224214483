/** Runs the programs of docs/reference/resources.md, functions.md and errors.md with the real engine. */
import { describe, expect, test } from "vitest";
import { createEnv } from "../../cli/live-env.js";
import { useSandbox } from "../../sandbox/harness.js";
import { usePage } from "../page.js";
import { useShells, type Shell } from "../shell.js";

const resources = usePage("docs/reference/resources.md");
const functions = usePage("docs/reference/functions.md");
const errors = usePage("docs/reference/errors.md");
const { createShell } = useShells();
const sandbox = useSandbox();
const getId = (key: string): string => sandbox().getOrganization(key).id;
const connect = (sink: string, ...connectionTypes: string[]) =>
  sandbox().connect({ source: "payments", sink, connectionTypes });

/** Creates a stack with a program, and with the keys of `payments` under its name and as the default, which functions use. */
async function createStack(program: string): Promise<Shell> {
  const { apiKey, appKey } = sandbox().getOrganization("payments");
  const env = { DD_HOST: sandbox().url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
  const files = { "Pulumi.yaml": "name: acme\nruntime: nodejs\n", "index.ts": program };
  const shell = createShell(files, { ...createEnv(sandbox(), ["payments"]), ...env });
  await shell.run("pulumi stack init dev");
  return shell;
}
const UP = "pulumi up --yes --skip-preview";

describe("resources", () => {
  test.each([
    ["one connection", "Resources", [["observability", "logs", "metrics"]]],
    [
      "a set",
      "OrgConnectionSet",
      [
        ["observability", "logs", "metrics"],
        ["security", "audit"],
      ],
    ],
  ])(
    "the program with %s creates its connections",
    async (_, heading, expected) => {
      const shell = await createStack(resources.takeBlock(heading, "ts"));
      await shell.run("pulumi up --yes");
      const live = sandbox()
        .listConnections()
        .map(({ sourceOrgId, sinkOrgId, connectionTypes }) => [sourceOrgId, sinkOrgId, ...connectionTypes]);
      expect(live.sort()).toEqual(
        expected.map(([sink = "", ...types]) => [getId("payments"), getId(sink), ...types]),
      );
      await shell.run("pulumi up --yes --expect-no-changes\npulumi destroy --yes");
      expect(sandbox().listConnections()).toEqual([]);
    },
    300_000,
  );
});

test("the program with functions returns what is visible and live", async () => {
  connect("observability", "logs", "metrics");
  connect("security", "audit");
  const shell = await createStack(functions.takeBlock("Functions", "ts"));
  await shell.run(UP);
  const { output } = await shell.run("pulumi stack output --json");
  const enabled = sandbox().organizations.filter(({ account, disabled }) => account === "Acme" && !disabled);
  expect(JSON.parse(output)).toEqual({
    enabled: enabled.map(({ name }) => name),
    sharedWithHub: ["logs", "metrics"],
  });
});

test("the program with errors handles a missing permission, and no other error", async () => {
  const shell = await createStack(errors.takeBlock("Errors", "ts"));
  await shell.run("pulumi config set hubId configured");
  const readHubId = async () => {
    await shell.run(UP);
    return (await shell.run("pulumi stack output hubId")).output.trim();
  };
  expect(await readHubId()).toBe(getId("observability"));
  sandbox().setPermissions("payments", []);
  expect(await readHubId()).toBe("configured");
  const what = { kind: "status", status: 400 } as const;
  sandbox().fail({ on: { route: "listOrganizations" }, times: Infinity, moment: "before", what });
  await shell.run(UP, { codes: [1, 255] });
});
