/** Operations of a history on the real engine: the program is written out, the CLI run, and its state read back. */
import type { Fault, Sandbox } from "../../sandbox/src/index.js";
import type { Stack } from "../engine/stack.js";
import { until } from "../engine/processes.js";
import { cutShort } from "./cut-short.js";
import type { Interruption, RunMove } from "./moves.js";
import { pick } from "./program.js";
import type { Operate, Scene } from "./scene.js";
import { replaceFlags, SharedStack, type Part, type Ran } from "./shared-stack.js";
import { readErrors } from "./stack-results.js";

/** How long the request is held during which a run is interrupted, in milliseconds. */
const HELD_MS = 1500;

/** A stack for one history, and the way to run it. */
export function onRealEngine(sandbox: Sandbox): {
  operate: Operate;
  /** Writes the program out, and sets the environment of the next run. */
  prepare: (scene: Scene, move: RunMove) => Stack;
  dispose: () => void;
} {
  const shared = new SharedStack(sandbox, new Map([["", sandbox]]));
  return {
    async operate(scene, move) {
      const part: Part = { scene, move, tag: "" };
      const [outcome] = await shared.operate([part], () => runCli(shared, part));
      if (outcome?.status === "fulfilled") return outcome.value;
      throw outcome?.reason ?? new Error("the run has no outcome");
    },
    prepare(scene, move) {
      shared.writeProgram([{ scene, tag: "" }]);
      shared.stack.env = shared.environment(move);
      return shared.stack;
    },
    dispose: () => shared.dispose(),
  };
}

async function runCli(shared: SharedStack, part: Part): Promise<Ran> {
  const { stack } = shared;
  const { move, scene } = part;
  const { command, continueOnError, parallel, interruption } = move;
  stack.env = shared.environment(move);
  const verb = command.split(" ")[0] ?? "up";
  // Engine 3.274.1 waits for ever when a deletion before a replacement fails under --continue-on-error.
  const isSafe = ![...scene.program.values()].some(({ dbr }) => dbr);
  const flags = [
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(command === "up --refresh" ? ["--refresh"] : []),
    ...(continueOnError && ((verb === "up" && isSafe) || verb === "destroy") ? ["--continue-on-error"] : []),
    ...(parallel ? [] : ["--parallel=1"]),
    ...(verb === "up" ? replaceFlags([part]) : []),
  ];
  const cut =
    interruption && verb !== "preview"
      ? await runInterrupted(part, stack, [verb, ...flags], interruption)
      : undefined;
  const run = cut?.run ?? (await (await stack.begin(verb, ...flags)).done);
  return { run, errors: readErrors(stack, run), interrupted: cut?.interrupted ?? false };
}

/** Cuts the run short while a write of its is under way, by Ctrl-C or by a kill of the engine; then all comes to rest. */
async function runInterrupted(
  { scene }: Part,
  stack: Stack,
  [verb = "up", ...flags]: readonly string[],
  { call, midway, afterMs }: Interruption,
): Promise<Pick<Ran, "run" | "interrupted">> {
  const { sandbox } = scene;
  const routes = ["createConnection", "createConnection", "updateConnection", "deleteConnection"] as const;
  const on: Fault["on"] = { route: pick(routes, call) };
  sandbox.fail({ on, moment: midway ? "before" : "after", what: { kind: "delay", ms: HELD_MS } });
  const logged = sandbox.requests.length;
  const isHeld = () =>
    sandbox.requests.slice(logged).some(({ route, endedAt }) => route === on.route && endedAt === undefined);
  const running = await stack.begin(verb, ...flags);
  await until("the write, or the end", () => isHeld() || running.process.exitCode !== null);
  if (running.process.exitCode !== null) return { run: await running.done, interrupted: false };
  const by = afterMs > 1 ? "a kill" : "Ctrl-C";
  // What a fault has left without an answer by now never gets one, and writes nothing more.
  const abandoned = new Set(
    sandbox.requests.filter(({ status, endedAt }) => status === undefined && endedAt !== undefined),
  );
  const run = await cutShort(stack, running, by, () =>
    until("the end of all writes", () =>
      sandbox.requests.every(
        (request) => request.method === "GET" || request.status !== undefined || abandoned.has(request),
      ),
    ),
  );
  scene.stats.interruptions++;
  scene.log(`    INTERRUPTED by ${by} in ${on.route ?? ""}`);
  return { run, interrupted: true };
}
