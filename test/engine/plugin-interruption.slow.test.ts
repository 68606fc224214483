import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSeed } from "../../sandbox/src/index.js";
import { recover } from "./expect-settled.js";
import { createPluginStack, findPlugins, PLUGIN, writePluginProgram } from "./plugin-stack.js";
import { findProcessTree, isRunning, killAll, sendInterrupt, sendSignal, waitUntil } from "./processes.js";
import { useEngine, type Stack } from "./stack.js";

const COUNT = 20;
/** Fewer than the engine starts at once, so that creates wait in the plugin. */
const MAX_CONCURRENT = 4;
const engine = useEngine({ seed: createSeed({ sources: COUNT }) });

const listCreates = () => engine.sandbox.requests.filter(({ method }) => method === "POST");
const listOutstanding = () => listCreates().filter(({ endedAt }) => endedAt === undefined);

/** Creates a stack with 20 connections, whose creates take 3 seconds each. */
async function createSlowStack(): Promise<Stack> {
  const declarations = Array.from({ length: COUNT }, (_, at) => {
    const sinkOrgId = engine.getOrgId(`source-${at + 1}`);
    return `new PluginConnection("to-${at + 1}", { sinkOrgId: "${sinkOrgId}", connectionTypes: ["logs"] });`;
  });
  const stack = createPluginStack(engine, declarations.join("\n"));
  await stack.setConfig("datadog-org-connections:maxConcurrent", String(MAX_CONCURRENT));
  engine.sandbox.fail({
    on: { route: "createConnection" },
    times: Infinity,
    moment: "before",
    what: { kind: "delay", ms: 3000 },
  });
  return stack;
}

/** Expects that `up --refresh` creates what is missing, once, and that nothing is left to do. */
async function expectRecovery(stack: Stack, missing: number): Promise<void> {
  engine.sandbox.clearFaults();
  const before = listCreates().length;
  await stack.expectUp("--refresh");
  expect(listCreates().length - before).toBe(missing);
  expect(new Set(engine.listLive()).size).toBe(COUNT);
  expect(engine.listLive()).toHaveLength(COUNT);
  const state = await stack.loadState();
  const ids = state.filter(({ type }) => type.endsWith(":OrgConnection")).map(({ id }) => id);
  expect(ids.sort()).toEqual(
    engine.sandbox
      .listConnections()
      .map(({ id }) => id)
      .sort(),
  );
  expect((await stack.preview()).steps).toEqual([]);
}

it("the plugin exits by itself at each end of an operation, so the engine does not wait to kill it", async () => {
  const stack = createPluginStack(
    engine,
    `new PluginConnection("a", { sinkOrgId: "${engine.getOrgId("source-1")}" });`,
  );
  const log = path.join(stack.folder, "processes.log");
  // A killed process has no exit event.
  stack.writeFile(
    "record.cjs",
    `if (process.argv[1]?.startsWith(${JSON.stringify(PLUGIN)})) {
  const { appendFileSync } = require("node:fs");
  const record = (event) => appendFileSync(${JSON.stringify(log)}, event + "\\n");
  record("start");
  process.on("exit", () => record("exit"));
}`,
  );
  stack.env["NODE_OPTIONS"] = `--require ${JSON.stringify(path.join(stack.folder, "record.cjs"))}`;
  for (let run = 0; run < 4; run++) await stack.expectUp();
  const events = readFileSync(log, "utf8").trim().split("\n");
  const count = (event: string) => events.filter((line) => line === event).length;
  expect(count("start")).toBeGreaterThan(3);
  expect(count("exit")).toBe(count("start"));
});

describe("20 creates", () => {
  it("interrupted by Ctrl-C that also reaches the plugin: none is started after it, and each result is in the state", async () => {
    const stack = await createSlowStack();
    const up = await stack.start("up", "--yes", "--skip-preview", "--parallel=20");
    const cli = up.process.pid ?? 0;
    await waitUntil(`creates, in ${up.output()}`, () => listOutstanding().length === MAX_CONCURRENT);
    const family = findProcessTree(cli);
    const plugins = findPlugins(cli);
    expect(plugins).toHaveLength(1);
    try {
      for (const { pid } of plugins) sendSignal(pid, "SIGINT");
      sendInterrupt(cli);
      const run = await up.done;
      expect(run.code, run.output).not.toBe(0);
      expect(run.output).toContain("[canceled]");
      expect(listCreates()).toHaveLength(MAX_CONCURRENT);
      expect(engine.listLive()).toHaveLength(MAX_CONCURRENT);
      await waitUntil("the plugin exits", () => !plugins.some(({ pid }) => isRunning(pid)));
    } finally {
      killAll(family);
    }
    const state = await stack.loadState();
    expect(state.filter(({ type }) => type.endsWith(":OrgConnection"))).toHaveLength(MAX_CONCURRENT);
    await expectRecovery(stack, COUNT - MAX_CONCURRENT);
  });

  it("whose engine is killed: no further one is sent, and the plugin exits", async () => {
    const stack = await createSlowStack();
    const up = await stack.start("up", "--yes", "--skip-preview", "--parallel=20");
    const cli = up.process.pid ?? 0;
    await waitUntil(`creates, in ${up.output()}`, () => listOutstanding().length === MAX_CONCURRENT);
    const family = findProcessTree(cli);
    const plugins = findPlugins(cli);
    try {
      sendSignal(cli, "SIGKILL");
      await up.done;
      await waitUntil("the plugin exits", () => !plugins.some(({ pid }) => isRunning(pid)));
      expect(listOutstanding()).toEqual([]);
      expect(listCreates()).toHaveLength(MAX_CONCURRENT);
      expect(engine.listLive()).toHaveLength(MAX_CONCURRENT);
    } finally {
      killAll(family);
    }
  });
});

/** The plugin has no attached processes to kill, so these cells of the fault table are repeated here. */
const kills = [
  { does: "create", outcome: "done", before: "", types: "logs", measures: ["cancel", "adopt"] },
  { does: "update", outcome: "not done", before: "logs", types: "audit", measures: ["cancel"] },
  { does: "delete", outcome: "done", before: "logs", types: "", measures: ["cancel"] },
] as const;

describe("an engine that is killed during a write of the plugin", () => {
  it.each(kills)("$does, $outcome: after recovery, state, live and declared agree", async (kill) => {
    const route = `${kill.does}Connection` as const;
    const declare = (types: string) =>
      types === ""
        ? ""
        : `new PluginConnection("hub", { sinkOrgId: "${engine.getOrgId("source-1")}", connectionTypes: ["${types}"] });`;
    const stack = createPluginStack(engine, declare(kill.before));
    // A write without a response ends sooner, and with it the plugin.
    await stack.setConfig("datadog-org-connections:requestTimeoutSeconds", "5");
    await stack.expectUp();
    writePluginProgram(stack, declare(kill.types));
    // "hang": the request never takes effect.
    const what =
      kill.outcome === "done" ? ({ kind: "delay", ms: 2000 } as const) : ({ kind: "hang" } as const);
    engine.sandbox.fail({ on: { route }, moment: "before", what });
    const isOutstanding = () =>
      engine.sandbox.requests.some((request) => request.route === route && request.endedAt === undefined);
    const countWrites = () => engine.sandbox.requests.filter(({ method }) => method !== "GET").length;
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
      if (kill.outcome === "done") await waitUntil("the write to end", () => !isOutstanding());
      else engine.sandbox.clearFaults();
      await waitUntil("the plugin exits", () => !plugins.some(({ pid }) => isRunning(pid)));
    } finally {
      killAll(family);
    }
    expect(countWrites()).toBe(writes);

    expect(await recover(stack)).toEqual(kill.measures);
    const rows = engine.sandbox.listConnections();
    expect(rows.map(({ connectionTypes }) => connectionTypes.join())).toEqual(
      kill.types === "" ? [] : [kill.types],
    );
    const state = await stack.loadState();
    expect(state.filter(({ type }) => type.endsWith(":OrgConnection")).map(({ id }) => id)).toEqual(
      rows.map(({ id }) => id),
    );
    expect((await stack.preview()).steps).toEqual([]);
  });
});
