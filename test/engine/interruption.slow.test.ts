import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSeed, type LoggedRequest } from "../../sandbox/src/index.js";
import {
  killAll,
  findProcessTree,
  isRunning,
  sendInterrupt,
  findProvider,
  sendSignal,
  waitUntil,
  waitUntilIdle,
} from "./processes.js";
import { formatStatements } from "./attached/declarations.js";
import { expectSettled, recover } from "./expect-settled.js";
import { useEngine, type RunningCli, type Stack } from "./stack.js";

const engine = useEngine({ seed: createSeed({ sources: 40 }) });

const { declare } = engine;
const declareHub = (types = "logs") => declare("hub", "observability", { connectionTypes: [types] });

/** What an interrupted up does. `before` is the program of an earlier, successful up. */
const operations = [
  { does: "create", before: () => [], program: () => [declareHub()], route: "createConnection" },
  {
    does: "update",
    before: () => [declareHub()],
    program: () => [declareHub("audit")],
    route: "updateConnection",
  },
  {
    does: "replace, at the old one's deletion",
    before: () => [declareHub()],
    program: () => [declare("hub", "security")],
    route: "deleteConnection",
  },
] as const;

/** test/faults/kill.slow.test.ts kills the engine at each request. */
const interruptions = [
  { how: "Ctrl-C", interrupt: (cli: number) => sendInterrupt(cli) },
  {
    how: "a kill of the provider",
    interrupt: (cli: number) => sendSignal(findProvider(cli)?.pid ?? 0, "SIGKILL"),
  },
] as const;

const cases = operations.flatMap((operation) =>
  (["before", "after"] as const).flatMap((moment) =>
    interruptions.map((interruption) => ({ ...operation, moment, ...interruption })),
  ),
);

describe("after recovery, state, live and declared connections agree, and others are unchanged", () => {
  it.each(cases)("$does, interrupted $moment its write by $how", async (interrupt) => {
    const stack = engine.createStack(interrupt.before());
    if (interrupt.does !== "create") await stack.expectUp();
    const others = [
      engine.sandbox.connect({ source: "payments", sink: "search" }),
      engine.sandbox.connect({ source: "checkout", sink: "observability" }),
    ];
    const listOthers = () => engine.sandbox.listConnections().filter(({ id }) => others.includes(id));
    const before = listOthers();
    engine.sandbox.fail({
      on: { route: interrupt.route },
      moment: interrupt.moment,
      what: { kind: "delay", ms: 2000 },
    });
    stack.writeProgram(interrupt.program());
    await interruptRun(
      await startUp(stack),
      () => listOutstanding(interrupt.route).length === 1,
      interrupt.interrupt,
    );

    const measures = await recover(stack);
    if (interrupt.how === "Ctrl-C") expect(measures).toEqual([]);
    await expectSettled(engine, stack, { others });
    expect(listOthers()).toEqual(before);
  });
});

describe("a provider process whose engine was killed", () => {
  it("sends none of the queued creates", async () => {
    const sinks = Array.from({ length: 40 }, (_, at) => `source-${at + 1}`);
    const stack = engine.createStack(sinks.map((sink) => declare(`to-${sink}`, sink)));
    const on = { route: "createConnection" } as const;
    engine.sandbox.fail({ on, times: Infinity, moment: "before", what: { kind: "delay", ms: 6000 } });
    const up = await startUp(stack, "--parallel=40");
    await interruptRun(
      up,
      // The engine has saved all 40: a kill while it saves would truncate its own checkpoint.
      () => listOutstanding("createConnection").length === 32 && countPendingOperations(stack) === 40,
      (cli) => sendSignal(cli, "SIGKILL"),
    );
    expect(listWrites()).toHaveLength(32);

    engine.sandbox.clearFaults();
    expect(await recover(stack)).toEqual(["cancel", "adopt"]);
    await expectSettled(engine, stack);
    expect(engine.listLive()).toHaveLength(40);
  });

  it("does not repeat a create after waiting for the rate limit", async () => {
    const stack = engine.createStack([declareHub()]);
    const headers = { "X-RateLimit-Reset": "1" };
    engine.sandbox.fail({
      on: { route: "createConnection" },
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
    const wasRefused = () => listWrites().some(({ endedAt }) => endedAt !== undefined);
    // Waits longer than the time in the response.
    await interruptRun(await startUp(stack), wasRefused, (cli) => sendSignal(cli, "SIGKILL"), 3);
    expect(listWrites()).toHaveLength(1);
    expect(engine.listLive()).toEqual([]);

    expect(await recover(stack)).toEqual(["cancel"]);
    await expectSettled(engine, stack);
  });
});

describe("a provider process whose engine was killed exits", () => {
  it.each([
    {
      state: "during a write",
      program: () => formatStatements([declareHub()]),
      hasReachedState: () => listOutstanding("createConnection").length === 1,
    },
    {
      state: "while idle",
      // The program continues for a while after its only resource was created.
      program: () =>
        `const hub = ${formatStatements([declareHub()])}
        await new Promise((resolve) => hub.id.apply(resolve));
        await new Promise((resolve) => setTimeout(resolve, 60000));`,
      hasReachedState: () => listWrites().some(({ endedAt }) => endedAt !== undefined),
    },
  ])("$state", async ({ program, hasReachedState }) => {
    const stack = engine.createStack(program());
    engine.sandbox.fail({
      on: { route: "createConnection" },
      moment: "before",
      what: { kind: "delay", ms: 3000 },
    });
    const up = await startUp(stack);
    const cli = up.process.pid ?? 0;
    await waitUntil(`the moment, in ${up.output()}`, hasReachedState);
    const family = findProcessTree(cli);
    const provider = findProvider(cli)?.pid ?? 0;
    expect(isRunning(provider)).toBe(true);
    try {
      sendSignal(cli, "SIGKILL");
      await waitUntil("the provider process exits", () => !isRunning(provider));
      expect(engine.listLive()).toEqual(["payments → observability: logs"]);
    } finally {
      killAll(family);
    }
    await up.done;
  });
});

/** Starts an up whose processes can be killed. */
async function startUp(stack: Stack, ...flags: string[]): Promise<RunningCli> {
  stack.hasOwnProcesses = true;
  const up = await stack.start("up", "--yes", "--skip-preview", ...flags);
  stack.hasOwnProcesses = false;
  return up;
}
const listWrites = () => engine.sandbox.requests.filter(({ method }) => method !== "GET");
const listOutstanding = (route: LoggedRequest["route"]) =>
  engine.sandbox.requests.filter((request) => request.route === route && request.endedAt === undefined);

/**
 * Interrupts a run at a moment, and waits until the CLI has exited, its requests have completed, and the
 * provider process, which may outlive its engine, is idle. Then kills the remaining processes.
 */
async function interruptRun(
  up: RunningCli,
  moment: () => boolean,
  interrupt: (cli: number) => void,
  restSeconds = 1,
): Promise<void> {
  const cli = up.process.pid ?? 0;
  await waitUntil(`the moment, in ${up.output()}`, moment);
  const family = findProcessTree(cli);
  const provider = findProvider(cli)?.pid ?? 0;
  try {
    interrupt(cli);
    await up.done;
    // A request continues without its client: the sandbox writes after the delay.
    await waitForRequests();
    await waitUntilIdle(provider, restSeconds);
  } finally {
    killAll(family);
  }
}

describe("a checkpoint in a file backend that a kill has truncated", () => {
  it.each(["dev.json.attrs", "dev.json"])(
    "%s is repaired as in docs/explanation/faults.md, and no data is lost",
    async (file) => {
      const stack = engine.createStack([declareHub()]);
      await stack.expectUp();
      const { id } = engine.getOnlyConnection();
      writeFileSync(path.join(stack.folder, "backend/.pulumi/stacks/engine-test", file), "");
      expect((await stack.up("--refresh")).output).toContain("failed to load checkpoint");
      expect(stack.repairCheckpoint()).toBe(true);
      expect(await recover(stack)).toEqual([]);
      expect(engine.getOnlyConnection().id).toBe(id);
      await expectSettled(engine, stack);
    },
  );
});

/** Counts the pending operations in the checkpoint of the file backend. */
function countPendingOperations(stack: Stack): number {
  try {
    const text = readFileSync(path.join(stack.folder, "backend/.pulumi/stacks/engine-test/dev.json"), "utf8");
    const { checkpoint } = JSON.parse(text) as {
      checkpoint: { latest?: { pending_operations?: unknown[] } };
    };
    return checkpoint.latest?.pending_operations?.length ?? 0;
  } catch {
    return 0; // the engine is writing the file
  }
}

/** Waits until the delayed requests have completed: each has a status. */
async function waitForRequests(): Promise<void> {
  await waitUntil("all requests have completed", () =>
    listWrites().every(({ status }) => status !== undefined),
  );
}
