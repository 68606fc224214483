/**
 * From `@pulumi/datadog`, with the real engine and a state in the format of the bridge. An imitation replaces the official
 * plugin, which no package registry serves (official-plugin).
 */
import { expect, test } from "vitest";
import { runCommand } from "../cli/run-command.js";
import {
  changeDiscovered,
  discoverProgram,
  editProgram,
  runCompiler,
  runDiscover,
} from "./discovered-stack.js";
import { listWrites } from "./expect-settled.js";
import {
  createMigrationStack,
  expectManaged,
  expectMigrated,
  listLinks,
  MIGRATION_SEED,
  type Link,
} from "./migration.js";
import { createOfficialStack, formatName } from "./official-stack.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine({ seed: MIGRATION_SEED });

const ALIAS = `aliases: [{ type: "datadog:index/orgConnection:OrgConnection" }]`;

/** Declares the connections with our resource, and with the alias of the official one. */
const declareWithAlias = (links: readonly Link[], options = ALIAS) =>
  links
    .map((link) => {
      const { source, sink, connectionTypes } = link;
      const args = { source, sinkOrgId: engine.getOrgId(sink), connectionTypes };
      return `new OrgConnection("${formatName(link)}", ${JSON.stringify(args)}, { ${options} });`;
    })
    .join("\n");

const changeFirst = (links: readonly Link[]) =>
  links.map((link, at) => (at === 0 ? { ...link, connectionTypes: ["metrics"] } : link));

test("with the alias, 60 connections of 3 organizations move in one up, which writes only the state", async () => {
  const links = listLinks();
  const stack = await createOfficialStack(engine, links);
  const before = engine.sandbox.listConnections();
  stack.writeProgram(declareWithAlias(links));
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  const up = await stack.expectUp();
  expect(up.steps.filter((step) => step.startsWith("update"))).toHaveLength(links.length);
  await expectMigrated(engine, stack, before, [preview, up]);
  await expectManaged(engine, stack, () => stack.writeProgram(declareWithAlias(changeFirst(links), "")));
}, 600_000);

test("discover --from writes the program with the alias: 60 connections of 3 organizations move in one up", async () => {
  const links = listLinks();
  const stack = await createOfficialStack(engine, links);
  const before = engine.sandbox.listConnections();
  await exportStack(stack);
  const stderr = await discoverProgram(stack, "--from", "export.json");
  expect(stderr).toMatch(
    /^index\.ts declares 60 connections of 3 organizations\.[^]*remove the @pulumi\/datadog declarations of these connections/,
  );
  expect(runCompiler(stack)).toBe("");
  const preview = await stack.preview();
  expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
  const updates = links.map((link) => `update ${formatName(link)}`);
  expect(preview.steps.filter((step) => step.startsWith("update")).sort()).toEqual(updates.sort());
  const up = await stack.expectUp();
  await expectMigrated(engine, stack, before, [preview, up]);
  await expectManaged(engine, stack, () => editProgram(stack, changeDiscovered));
}, 600_000);

test("import file: 60 connections move to another stack, and the former one forgets them without a deletion", async () => {
  const former = await createOfficialStack(engine, listLinks());
  const before = engine.sandbox.listConnections();
  const stack = createMigrationStack(engine);
  stack.writeFile("export.json", await exportStack(former));
  const command = await discoverProgram(stack, "--from", "export.json").then(() =>
    runDiscover(stack, "--from", "export.json", "--format", "import", "-o", "import.json"),
  );
  const imported = await stack.importFile("import.json");
  expect([imported.code, imported.requests], imported.output).toEqual([0, []]);
  await expectMigrated(engine, stack, before, [imported]);
  const urns = [...command.matchAll(/'(urn:[^']*)'/g)].map(([, urn = ""]) => urn);
  const forgotten = await former.runPulumi(["state", "delete", "--yes", "--stack", "dev", ...urns]);
  expect(forgotten.code, forgotten.output).toBe(0);
  former.writeProgram("");
  expect(listWrites(await former.expectUp())).toEqual([]);
  expect(engine.sandbox.listConnections()).toEqual(before);
  await expectManaged(engine, stack, () => editProgram(stack, changeDiscovered));
}, 600_000);

/** Exports the state of the stack to a file in its folder. */
async function exportStack(stack: Stack): Promise<string> {
  const { stdout } = await stack.runPulumi(["stack", "export"]);
  stack.writeFile("export.json", stdout);
  return stdout;
}

test("with the alias and the default credentials, where no input changes, the up writes the provider line", async () => {
  const [link] = listLinks();
  if (!link) throw new Error("no connection");
  const stack = await createOfficialStack(engine, [link]);
  const { apiKey, appKey } = engine.sandbox.getOrganization(link.source);
  stack.env = { DD_HOST: engine.sandbox.url, DD_API_KEY: apiKey, DD_APP_KEY: appKey };
  const program = declareWithAlias([link]).replace(`"source":"${link.source}",`, "");
  stack.writeProgram(program);
  const up = await stack.expectUp();
  expect(up.steps).toContain(`update ${formatName(link)}`);
  expect(up.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  expect((await stack.refresh()).code).toBe(0);
  expect((await stack.destroy()).code).toBe(0);
  expect(engine.listLive()).toEqual([]);
});

test("a resource that moves and also gets a new destination: the official provider deletes what another one adopts", async () => {
  const link: Link = { source: "payments", sink: "observability", connectionTypes: ["logs"] };
  const stack = await createOfficialStack(engine, [link]);
  const moved = declareWithAlias([{ ...link, sink: "security" }]).replace(
    "payments-to-security",
    formatName(link),
  );
  const adopt = `new OrgConnection("other", { source: "payments", sinkOrgId: "${engine.getOrgId("observability")}", connectionTypes: ["logs"], adopt: true });`;
  stack.writeProgram(`${moved}\n${adopt}`);
  stack.writeFile("preview.json", await stack.previewAsJson());
  const { code, stdout } = await runCommand(["review", "preview.json"], {
    cwd: stack.folder,
    env: stack.getEnvironment(),
  });
  expect(code, stdout).toBe(4);
  expect(stdout).toContain("stops sharing");
  await stack.expectUp();
  expect(engine.listLive()).toEqual(["payments → security: logs"]);
});
