/** Operations of a scenario on the real engine: runs the CLI, interrupts it, and reads what it has left behind. */
import { readMonotonicClock } from "../../sandbox/src/request-log.js";
import type { ArmedFault, Fault, FaultAction, LoggedRequest, Sandbox } from "../../sandbox/src/index.js";
import type { Stack } from "../engine/stack.js";
import { waitUntil } from "../engine/processes.js";
import { interruptRun } from "./interrupt-run.js";
import { isWriteRequest } from "./is-write-request.js";
import type { Interruption, RunMove } from "./moves.js";
import { pick } from "./program.js";
import type { OperationRunner, Scenario } from "./scenario.js";
import { formatReplaceFlags, ScenarioStack, type CliResult } from "./scenario-stack.js";
import { readErrors } from "./stack-results.js";

/** The delay of the request during which a run is interrupted, in milliseconds. */
const DELAY_MS = 1500;

/** A stack of the real engine for one scenario. */
export interface RealEngine {
  operate: OperationRunner;
  /** Writes the program and sets the environment of the next run. */
  prepare: (scenario: Scenario, move: RunMove) => Stack;
  dispose: () => void;
}

/**
 * Creates a stack.
 *
 * @param options - `limits`: settings of the package. `kills`: whether the engine is killed when a fault delays a request
 */
export function createRealEngine(
  sandbox: Sandbox,
  { limits = {}, kills = false }: { limits?: Record<string, string>; kills?: boolean } = {},
): RealEngine {
  const own = new ScenarioStack(sandbox, limits);
  const { stack } = own;
  return {
    operate: (scenario, move) =>
      own.runOperation(scenario, move, async (armed) => {
        const isKilled = kills && move.faults.some(({ what }) => isHold(what));
        const isInterrupted = move.interruption !== undefined && move.command !== "preview";
        // A signal ends a process, and everything in it.
        stack.hasOwnProcesses = isKilled || isInterrupted;
        const args = createArguments(scenario, move);
        const interrupted = isKilled
          ? await runKilled(scenario, stack, args, armed)
          : isInterrupted && move.interruption
            ? await runInterrupted(scenario, stack, args, move.interruption)
            : undefined;
        stack.hasOwnProcesses = false;
        const run = interrupted?.run ?? (await (await stack.start(...args)).done);
        const errors = isKilled ? [] : readErrors(stack, run);
        return { run, errors, wasInterrupted: interrupted?.wasInterrupted ?? false };
      }),
    prepare: (scenario, move) => own.prepare(scenario, move),
    dispose: () => stack.dispose(),
  };
}

const isHold = ({ kind }: FaultAction): boolean => kind === "hang" || kind === "delay";

function createArguments(scenario: Scenario, move: RunMove): [string, ...string[]] {
  const { command, continueOnError, parallel } = move;
  const verb = command.split(" ")[0] ?? "up";
  // Engine 3.274.1 waits forever when a deletion before a replacement fails under --continue-on-error.
  const isSafe = ![...scenario.program.values()].some(({ dbr }) => dbr);
  return [
    verb,
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(command === "up --refresh" ? ["--refresh"] : []),
    ...(continueOnError && ((verb === "up" && isSafe) || verb === "destroy") ? ["--continue-on-error"] : []),
    ...(parallel ? [] : ["--parallel=1"]),
    ...(verb === "up" ? formatReplaceFlags(scenario, move) : []),
  ];
}

/** Kills the engine once a fault delays its request, which takes effect or not. */
async function runKilled(
  scenario: Scenario,
  stack: Stack,
  args: [string, ...string[]],
  armed: readonly ArmedFault[],
): Promise<Pick<CliResult, "run" | "wasInterrupted">> {
  const { sandbox } = scenario;
  const running = await stack.start(...args);
  const isOver = () => running.process.exitCode !== null;
  await waitUntil(
    "the request, or the end of the run",
    () => isOver() || armed.every(({ fired }) => fired > 0),
  );
  if (isOver()) return { run: await running.done, wasInterrupted: false };
  scenario.log("    KILLED");
  let killedAt = Infinity;
  const run = await interruptRun(stack, running, "a kill", async () => {
    killedAt = readMonotonicClock();
    for (const fault of armed) fault.release();
    await waitUntil("all requests to complete", () =>
      sandbox.requests.every(({ endedAt }) => endedAt !== undefined),
    );
  });
  const write = sandbox.requests.find((request) => isWriteRequest(request) && request.startedAt > killedAt);
  if (write) scenario.fail(`${write.method} ${write.path} was sent after the engine was gone`);
  return { run, wasInterrupted: true };
}

/**
 * Interrupts the run during a write, by Ctrl-C or by killing the engine, and waits until all requests
 * complete.
 */
async function runInterrupted(
  scenario: Scenario,
  stack: Stack,
  args: [string, ...string[]],
  { call, midway, afterMs }: Interruption,
): Promise<Pick<CliResult, "run" | "wasInterrupted">> {
  const { sandbox } = scenario;
  const routes = ["createConnection", "createConnection", "updateConnection", "deleteConnection"] as const;
  const on: Fault["on"] = { route: pick(routes, call) };
  sandbox.fail({ on, moment: midway ? "before" : "after", what: { kind: "delay", ms: DELAY_MS } });
  const logged = sandbox.requests.length;
  const isWriteOutstanding = () =>
    sandbox.requests.slice(logged).some(({ route, endedAt }) => route === on.route && endedAt === undefined);
  const running = await stack.start(...args);
  await waitUntil(
    "a write, or the end of the run",
    () => isWriteOutstanding() || running.process.exitCode !== null,
  );
  if (running.process.exitCode !== null) return { run: await running.done, wasInterrupted: false };
  const by = afterMs > 1 ? "a kill" : "Ctrl-C";
  const run = await interruptRun(stack, running, by, () =>
    waitUntil("all writes to complete", () => sandbox.requests.every(isComplete)),
  );
  scenario.stats.interruptions++;
  scenario.log(`    INTERRUPTED by ${by} in ${on.route ?? ""}`);
  return { run, wasInterrupted: true };
}

/** Whether a request writes nothing more. One that a fault leaves without a response has done so before the longest delay is over. */
const isComplete = ({ method, status, endedAt = Infinity }: LoggedRequest): boolean =>
  method === "GET" ||
  status !== undefined ||
  endedAt + 2 * DELAY_MS < performance.timeOrigin + performance.now();
