import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { seedWith, type LoggedRequest } from "../../sandbox/src/index.js";
import {
  endAll,
  familyOf,
  isRunning,
  pressInterrupt,
  providerOf,
  signal,
  until,
  untilIdle,
} from "./processes.js";
import { expectSettled } from "./settled.js";
import { useEngine, type Running, type Stack } from "./stack.js";

const engine = useEngine({ seed: seedWith({ sources: 40 }) });

const declare = (sink: string, types = `"logs"`, name = "hub") =>
  `new OrgConnection("${name}", { sinkOrgId: "${engine.id(sink)}", connectionTypes: [${types}] });`;

/** What an up is doing when it is cut short. `before` is the program of an up that went well before. */
const operations = [
  { does: "create", before: "", program: () => declare("observability"), route: "createConnection" },
  {
    does: "update",
    before: () => declare("observability"),
    program: () => declare("observability", `"audit"`),
    route: "updateConnection",
  },
  {
    does: "replace, at the new one's create",
    before: () => declare("observability"),
    program: () => declare("security"),
    route: "createConnection",
  },
  {
    does: "replace, at the old one's deletion",
    before: () => declare("observability"),
    program: () => declare("security"),
    route: "deleteConnection",
  },
  { does: "delete", before: () => declare("observability"), program: () => "", route: "deleteConnection" },
] as const;

const interruptions = [
  { how: "Ctrl-C", cut: (cli: number) => pressInterrupt(cli) },
  { how: "a kill of the engine", cut: (cli: number) => signal(cli, "SIGKILL") },
  { how: "a kill of the provider", cut: (cli: number) => signal(providerOf(cli)?.pid ?? 0, "SIGKILL") },
] as const;

const cases = operations.flatMap((operation) =>
  (["before", "after"] as const).flatMap((moment) =>
    interruptions.map((interruption) => ({ ...operation, moment, ...interruption })),
  ),
);

describe("state, live and declared come together again, and nothing of others is touched", () => {
  it.each(cases)("$does cut short $moment its write by $how", async (cut) => {
    const stack = engine.stack(cut.before === "" ? "" : cut.before());
    if (cut.before !== "") await stack.mustUp();
    const others = [
      engine.sandbox.connect({ source: "payments", sink: "search" }),
      engine.sandbox.connect({ source: "checkout", sink: "observability" }),
    ];
    const untouched = () => engine.sandbox.connections().filter(({ id }) => others.includes(id));
    const before = untouched();
    engine.sandbox.fail({
      on: { route: cut.route },
      moment: cut.moment,
      what: { kind: "delay", ms: 2000 },
    });
    stack.program(cut.program());
    await interrupted(await beginUp(stack), () => underWay(cut.route).length === 1, cut.cut);

    const measures = await recover(stack);
    if (cut.how === "Ctrl-C") expect(measures).toEqual([]);
    await expectSettled(engine, stack, { others });
    expect(untouched()).toEqual(before);
  });
});

describe("a provider process whose engine was killed", () => {
  it("sends none of the creates that were still waiting in line", async () => {
    const sinks = Array.from({ length: 40 }, (_, at) => `source-${at + 1}`);
    const stack = engine.stack(sinks.map((sink) => declare(sink, `"logs"`, `to-${sink}`)).join("\n"));
    const on = { route: "createConnection" } as const;
    engine.sandbox.fail({ on, times: Infinity, moment: "before", what: { kind: "delay", ms: 6000 } });
    const up = await beginUp(stack, "--parallel=40");
    await interrupted(
      up,
      // The engine has noted all 40: a kill in the middle of such a note would cut its own checkpoint.
      () => underWay("createConnection").length === 32 && pendingOperations(stack) === 40,
      (cli) => signal(cli, "SIGKILL"),
    );
    expect(writes()).toHaveLength(32);

    engine.sandbox.clearFaults();
    expect(await recover(stack)).toEqual(["cancel", "adopt"]);
    await expectSettled(engine, stack);
    expect(engine.live()).toHaveLength(40);
  });

  it("does not repeat a create after waiting for the rate limit", async () => {
    const stack = engine.stack(declare("observability"));
    const headers = { "X-RateLimit-Reset": "1" };
    engine.sandbox.fail({
      on: { route: "createConnection" },
      moment: "before",
      what: { kind: "status", status: 429, headers },
    });
    const refused = () => writes().some(({ endedAt }) => endedAt !== undefined);
    // Rests longer than the wait that it was told to make.
    await interrupted(await beginUp(stack), refused, (cli) => signal(cli, "SIGKILL"), 3);
    expect(writes()).toHaveLength(1);
    expect(engine.live()).toEqual([]);

    expect(await recover(stack)).toEqual(["cancel"]);
    await expectSettled(engine, stack);
  });
});

describe("a provider process whose engine was killed ends itself, keys and all", () => {
  it.each([
    {
      state: "in the middle of a write",
      program: () => declare("observability"),
      isThere: () => underWay("createConnection").length === 1,
    },
    {
      state: "without anything to do",
      // The program goes on for a while after its one resource is there.
      program: () =>
        `const hub = ${declare("observability")}
        await new Promise((resolve) => hub.id.apply(resolve));
        await new Promise((resolve) => setTimeout(resolve, 60000));`,
      isThere: () => writes().some(({ endedAt }) => endedAt !== undefined),
    },
  ])("$state", async ({ program, isThere }) => {
    const stack = engine.stack(program());
    engine.sandbox.fail({
      on: { route: "createConnection" },
      moment: "before",
      what: { kind: "delay", ms: 3000 },
    });
    const up = await beginUp(stack);
    const cli = up.process.pid ?? 0;
    await until(`the moment, in ${up.output()}`, isThere);
    const family = familyOf(cli);
    const provider = providerOf(cli)?.pid ?? 0;
    expect(isRunning(provider)).toBe(true);
    try {
      signal(cli, "SIGKILL");
      await until("the provider process ends", () => !isRunning(provider));
      expect(engine.live()).toEqual(["payments → observability: logs"]);
    } finally {
      endAll(family);
    }
    await up.done;
  });
});

const beginUp = (stack: Stack, ...flags: string[]) => stack.begin("up", "--yes", "--skip-preview", ...flags);
const writes = () => engine.sandbox.requests.filter(({ method }) => method !== "GET");
const underWay = (route: LoggedRequest["route"]) =>
  engine.sandbox.requests.filter((request) => request.route === route && request.endedAt === undefined);

/**
 * Cuts a run short at a moment, and waits until all has come to rest: the CLI has ended, its requests have landed, and
 * the provider process, which may outlive its engine, does nothing more. Then ends what is left of it.
 */
async function interrupted(
  up: Running,
  moment: () => boolean,
  cut: (cli: number) => void,
  restSeconds = 1,
): Promise<void> {
  const cli = up.process.pid ?? 0;
  await until(`the moment, in ${up.output()}`, moment);
  const family = familyOf(cli);
  const provider = providerOf(cli)?.pid ?? 0;
  try {
    cut(cli);
    await up.done;
    // A request goes on when its client has gone: the sandbox's write comes at the end of the delay.
    await landed();
    await untilIdle(provider, restSeconds);
  } finally {
    endAll(family);
  }
}

describe("a checkpoint that a kill has cut, in a file backend", () => {
  it.each(["dev.json.attrs", "dev.json"])(
    "%s is mended as the README says, and nothing is lost",
    async (file) => {
      const stack = engine.stack(declare("observability"));
      await stack.mustUp();
      const { id } = engine.only();
      writeFileSync(path.join(stack.folder, "backend/.pulumi/stacks/engine-test", file), "");
      expect((await stack.up("--refresh")).output).toContain("failed to load checkpoint");
      expect(stack.mendCheckpoint()).toBe(true);
      expect(await recover(stack)).toEqual([]);
      expect(engine.only().id).toBe(id);
      await expectSettled(engine, stack);
    },
  );
});

/** How many operations the engine has noted as begun, in the checkpoint of the file backend. */
function pendingOperations(stack: Stack): number {
  try {
    const text = readFileSync(path.join(stack.folder, "backend/.pulumi/stacks/engine-test/dev.json"), "utf8");
    const { checkpoint } = JSON.parse(text) as {
      checkpoint: { latest?: { pending_operations?: unknown[] } };
    };
    return checkpoint.latest?.pending_operations?.length ?? 0;
  } catch {
    return 0; // being written
  }
}

/** Waits until the delayed requests have done their work: each has a status. */
async function landed(): Promise<void> {
  await until("all requests have landed", () => writes().every(({ status }) => status !== undefined));
}

/** Recovery as the messages say it; returns what it took besides `up --refresh`. */
async function recover(stack: Stack): Promise<string[]> {
  const measures: string[] = [];
  const { env } = stack;
  stack.mendCheckpoint();
  let up = await stack.up("--refresh");
  if (up.output.includes("`pulumi cancel`")) {
    measures.push("cancel");
    const cancel = await stack.pulumi(["cancel", "--yes", "--stack=dev"]);
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
