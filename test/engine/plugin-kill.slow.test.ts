/** The engine is killed while a write of the plugin is outstanding. The write takes effect or not, and the recovery is the documented one. */
import { expect, it } from "vitest";
import { createPluginStack, writePluginProgram } from "./plugin-stack.js";
import { findProcessTree, isRunning, killAll, sendSignal, waitUntil } from "./processes.js";
import { useEngine, type Stack } from "./stack.js";

const engine = useEngine();

const declare = (sink: string, types = `"logs"`) =>
  `new PluginConnection("hub", { sinkOrgId: "${engine.getOrgId(sink)}", connectionTypes: [${types}] });`;

/** What a killed up does. `before` is the program of an earlier, successful up. */
const operations = [
  {
    does: "create",
    before: () => "",
    program: () => declare("observability"),
    route: "createConnection",
    live: "logs",
  },
  {
    does: "update",
    before: () => declare("observability"),
    program: () => declare("observability", `"audit"`),
    route: "updateConnection",
    live: "audit",
  },
  {
    does: "delete",
    before: () => declare("observability"),
    program: () => "",
    route: "deleteConnection",
    live: undefined,
  },
] as const;

const cases = operations.flatMap((operation) =>
  (["done", "not done"] as const).map((outcome) => ({ ...operation, outcome })),
);

it.each(cases)(
  "$does, $outcome: after recovery, state, live and declared agree",
  async ({ before, program, route, live, outcome }) => {
    const stack = createPluginStack(engine, before());
    // A write without a response ends sooner, and with it the plugin.
    await stack.setConfig("datadog-org-connections:requestTimeoutSeconds", "5");
    if (before() !== "") await stack.expectUp();
    const other = engine.sandbox.connect({ source: "payments", sink: "search" });
    writePluginProgram(stack, program());
    await killDuringWrite(stack, route, outcome);
    const measures = await recover(stack);
    expect(measures).toEqual(
      route === "createConnection" && outcome === "done" ? ["cancel", "adopt"] : ["cancel"],
    );

    const rows = engine.sandbox.listConnections().filter(({ id }) => id !== other);
    expect(engine.sandbox.listConnections()).toHaveLength(rows.length + 1);
    expect(rows.map(({ connectionTypes }) => connectionTypes)).toEqual(live === undefined ? [] : [[live]]);
    const state = await stack.loadState();
    expect(state.filter(({ type }) => type.endsWith(":OrgConnection")).map(({ id }) => id)).toEqual(
      rows.map(({ id }) => id),
    );
    expect((await stack.preview()).steps).toEqual([]);
  },
);

/** Runs `up`, kills the engine while the write is outstanding, and waits until the plugin has exited. */
async function killDuringWrite(stack: Stack, route: (typeof operations)[number]["route"], outcome: string) {
  // "hang": the request never takes effect.
  const what = outcome === "done" ? ({ kind: "delay", ms: 2000 } as const) : ({ kind: "hang" } as const);
  engine.sandbox.fail({ on: { route }, moment: "before", what });
  const isOutstanding = () =>
    engine.sandbox.requests.some((request) => request.route === route && request.endedAt === undefined);
  const up = await stack.start("up", "--yes", "--skip-preview");
  const cli = up.process.pid ?? 0;
  await waitUntil(`the write, in ${up.output()}`, isOutstanding);
  const family = findProcessTree(cli);
  const plugins = findPlugins(cli);
  expect(plugins).toHaveLength(1);
  const writes = countWrites();
  try {
    sendSignal(cli, "SIGKILL");
    await up.done;
    if (outcome === "done") await waitUntil("the write to end", () => !isOutstanding());
    else engine.sandbox.clearFaults();
    await waitUntil("the plugin exits", () => !plugins.some(({ pid }) => isRunning(pid)));
  } finally {
    killAll(family);
  }
  expect(countWrites()).toBe(writes);
}

/** Finds the processes of the plugin among the descendants of a CLI. */
const findPlugins = (cli: number) =>
  findProcessTree(cli).filter(
    ({ command }) => /(^|\/)node$/.test(command[0] ?? "") && (command[1] ?? "").includes("/plugin/dist/"),
  );

const countWrites = () => engine.sandbox.requests.filter(({ method }) => method !== "GET").length;

/** Recovers as the messages say. Returns the steps that were necessary besides `up --refresh`. */
async function recover(stack: Stack): Promise<string[]> {
  const measures: string[] = [];
  const { env } = stack;
  stack.repairCheckpoint();
  let up = await stack.up("--refresh");
  if (up.output.includes("`pulumi cancel`")) {
    measures.push("cancel");
    const cancel = await stack.runPulumi(["cancel", "--yes", "--stack=dev"]);
    expect(cancel.code, cancel.output).toBe(0);
    up = await stack.up("--refresh");
  }
  if (up.output.includes("DATADOG_ORG_CONNECTIONS_ADOPT=true")) {
    measures.push("adopt");
    stack.env = { ...env, DATADOG_ORG_CONNECTIONS_ADOPT: "true" };
    up = await stack.up("--refresh");
    stack.env = env;
  }
  expect(up.code, up.output).toBe(0);
  return measures;
}
