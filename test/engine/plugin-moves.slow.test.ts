/** Moves of resources between the two hosts with `aliases`: nothing live is touched, and the next preview is empty. */
import { expect, test } from "vitest";
import { createEnv } from "../cli/live-env.js";
import { expectSettled, listWrites } from "./expect-settled.js";
import { addOfficialPlugin, formatOfficialProgram } from "./official-stack.js";
import { addPlugin, createPluginStack, writePluginProgram } from "./plugin-stack.js";
import type { ExportedResource } from "./checkpoint.js";
import { useEngine, type CliRun, type Stack } from "./stack.js";

const engine = useEngine();
const DYNAMIC = "pulumi-nodejs:dynamic/datadog:";
const PLUGIN = "datadog-org-connections:index:";

/** The hosts, each with the prefix of its classes and the prefix of its types. */
const HOSTS = {
  dynamic: { classes: "Org", types: DYNAMIC },
  plugin: { classes: "Plugin", types: PLUGIN },
} as const;
type Host = keyof typeof HOSTS;

/** Declares, with one host, a connection and a set: of the default organization, and of a named one. */
function declareAll(host: Host, formerHost?: Host): string {
  const { classes } = HOSTS[host];
  const hub = engine.getOrgId("observability");
  const formatOptions = (type: string) =>
    formerHost ? `{ aliases: [{ type: "${HOSTS[formerHost].types}${type}" }] }` : "{}";
  const declare = (type: string, name: string, args: object) =>
    `new ${classes}${type.slice("Org".length)}("${name}", ${JSON.stringify(args)}, ${formatOptions(type)});`;
  const members = { [engine.getOrgId("security")]: ["audit", "logs"] };
  return [
    declare("OrgConnection", "single", {
      sinkOrgId: hub,
      connectionTypes: ["logs", "metrics"],
      reason: "SEC-1",
    }),
    declare("OrgConnection", "named", { source: "search", sinkOrgId: hub, connectionTypes: ["audit"] }),
    declare("OrgConnectionSet", "set", { connections: members, exclusive: false }),
    declare("OrgConnectionSet", "named-set", { source: "search", connections: members }),
  ].join("\n");
}

/** Whether a resource in the state has the line that only a dynamic resource needs. */
const hasProviderLine = ({ inputs, outputs }: ExportedResource): boolean[] =>
  [inputs, outputs].map((properties) => properties?.["__provider"] !== undefined);

/** Lists the steps without those of the default provider. */
const listResourceSteps = ({ steps }: CliRun): string[] => steps.filter((step) => !step.endsWith(" default"));

async function expectHost(stack: Stack, host: Host): Promise<void> {
  const state = (await stack.loadState()).filter(({ type }) => type.includes(":OrgConnection"));
  expect(state.map(({ type }) => type.startsWith(HOSTS[host].types))).toEqual([true, true, true, true]);
  expect(state.map(hasProviderLine)).toEqual(
    state.map(() => (host === "dynamic" ? [true, true] : [false, false])),
  );
}

test.each<[Host, Host]>([
  ["dynamic", "plugin"],
  ["plugin", "dynamic"],
])(
  "from %s to %s: connections and sets move in one up, which writes only the state",
  async (from, to) => {
    const stack = createPluginStack(engine, declareAll(from));
    stack.env = { ...stack.env, ...createEnv(engine.sandbox, ["search"]) };
    await stack.expectUp();
    const before = engine.sandbox.listConnections();
    expect(before).toHaveLength(4);
    writePluginProgram(stack, declareAll(to, from));
    const preview = await stack.preview();
    expect([preview.code, preview.errors], preview.output).toEqual([0, []]);
    expect(listResourceSteps(preview).filter((step) => !step.startsWith("update"))).toEqual([]);
    const up = await stack.expectUp();
    const settled = await stack.preview("--expect-no-changes");
    expect([settled.code, settled.steps], settled.output).toEqual([0, []]);
    const refreshed = await stack.refresh("--expect-no-changes");
    expect(refreshed.code, refreshed.output).toBe(0);
    await expectHost(stack, to);
    // The alias is needed for one up only.
    writePluginProgram(stack, declareAll(to));
    const last = await stack.preview("--refresh", "--expect-no-changes");
    expect([last.code, last.steps.filter((step) => !step.startsWith("refresh"))], last.output).toEqual([
      0,
      [],
    ]);
    expect([preview, up, settled, refreshed, last].flatMap(listWrites)).toEqual([]);
    expect(engine.sandbox.listConnections()).toEqual(before);
    const destroyed = await stack.destroy();
    expect([destroyed.code, engine.listLive()], destroyed.output).toEqual([0, []]);
  },
  300_000,
);

test("from @pulumi/datadog to the plugin: the up writes only the state", async () => {
  const stack = engine.createStack("");
  stack.env = { ...stack.env, ...createEnv(engine.sandbox, ["payments"]) };
  addOfficialPlugin(stack);
  addPlugin(stack);
  const link = { source: "payments", sink: "observability", connectionTypes: ["logs"] };
  stack.writeProgram(formatOfficialProgram(engine, [link]));
  await stack.expectUp();
  const before = engine.sandbox.listConnections();
  const args = { source: "payments", sinkOrgId: engine.getOrgId(link.sink), connectionTypes: ["logs"] };
  writePluginProgram(
    stack,
    `new PluginConnection("payments-to-observability", ${JSON.stringify(args)},
      { aliases: [{ type: "datadog:index/orgConnection:OrgConnection" }] });`,
  );
  const up = await stack.expectUp();
  expect(up.steps).not.toContain("delete payments-to-observability");
  await expectSettled(engine, stack);
  const refreshed = await stack.refresh("--expect-no-changes");
  expect(refreshed.code, refreshed.output).toBe(0);
  expect([up, refreshed].flatMap(listWrites)).toEqual([]);
  expect(engine.sandbox.listConnections()).toEqual(before);
}, 300_000);
