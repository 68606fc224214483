/** Operations of a history on the real engine: writes the program, runs the CLI, and reads the state. */
import type { Fault, LoggedRequest, Sandbox } from "../../sandbox/src/index.js";
import type { Stack } from "../engine/stack.js";
import { waitUntil } from "../engine/processes.js";
import { interruptRun } from "./interrupt-run.js";
import type { Interruption, RunMove } from "./moves.js";
import { pick } from "./program.js";
import type { OperationRunner, Scenario } from "./scenario.js";
import { formatReplaceFlags, SharedStack, type ScenarioMove, type CliResult } from "./shared-stack.js";
import { readErrors } from "./stack-results.js";

/** The delay of the request during which a run is interrupted, in milliseconds. */
const DELAY_MS = 1500;

/** Creates a stack for one history, and the functions to run it. */
export function createRealEngine(sandbox: Sandbox): {
  operate: OperationRunner;
  /** Writes the program and sets the environment of the next run. */
  prepare: (scenario: Scenario, move: RunMove) => Stack;
  dispose: () => void;
} {
  const shared = new SharedStack(sandbox, new Map([["", sandbox]]));
  return {
    async operate(scenario, move) {
      const part: ScenarioMove = { scenario, move, tag: "" };
      const [outcome] = await shared.runOperation([part], () => runCli(shared, part));
      if (outcome?.status === "fulfilled") return outcome.value;
      throw outcome?.reason ?? new Error("the run has no outcome");
    },
    prepare(scenario, move) {
      shared.writeProgram([{ scenario, move, tag: "" }]);
      shared.stack.env = shared.getEnvironment(move);
      return shared.stack;
    },
    dispose: () => shared.dispose(),
  };
}

async function runCli(shared: SharedStack, part: ScenarioMove): Promise<CliResult> {
  const { stack } = shared;
  const { move, scenario } = part;
  const { command, continueOnError, parallel, interruption } = move;
  stack.env = shared.getEnvironment(move);
  const verb = command.split(" ")[0] ?? "up";
  // Engine 3.274.1 waits forever when a deletion before a replacement fails under --continue-on-error.
  const isSafe = ![...scenario.program.values()].some(({ dbr }) => dbr);
  const flags = [
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(command === "up --refresh" ? ["--refresh"] : []),
    ...(continueOnError && ((verb === "up" && isSafe) || verb === "destroy") ? ["--continue-on-error"] : []),
    ...(parallel ? [] : ["--parallel=1"]),
    ...(verb === "up" ? formatReplaceFlags([part]) : []),
  ];
  const interruptedRun =
    interruption && verb !== "preview"
      ? await runInterrupted(part, stack, [verb, ...flags], interruption)
      : undefined;
  const run = interruptedRun?.run ?? (await (await stack.start(verb, ...flags)).done);
  return { run, errors: readErrors(stack, run), wasInterrupted: interruptedRun?.wasInterrupted ?? false };
}

/**
 * Interrupts the run during a write, by Ctrl-C or by killing the engine, and waits until all requests
 * complete.
 */
async function runInterrupted(
  { scenario }: ScenarioMove,
  stack: Stack,
  [verb = "up", ...flags]: readonly string[],
  { call, midway, afterMs }: Interruption,
): Promise<Pick<CliResult, "run" | "wasInterrupted">> {
  const { sandbox } = scenario;
  const routes = ["createConnection", "createConnection", "updateConnection", "deleteConnection"] as const;
  const on: Fault["on"] = { route: pick(routes, call) };
  sandbox.fail({ on, moment: midway ? "before" : "after", what: { kind: "delay", ms: DELAY_MS } });
  const logged = sandbox.requests.length;
  const isWriteOutstanding = () =>
    sandbox.requests.slice(logged).some(({ route, endedAt }) => route === on.route && endedAt === undefined);
  const running = await stack.start(verb, ...flags);
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
