/** One engine operation of a history: its faults, its interruption, and the checks after it. */
import { checkCleanRun, checkOthers, checkOrphans } from "./checks.js";
import { destroy, preview, refresh, update } from "./engine.js";
import { getFaultName, type RunMove } from "./moves.js";
import { openOperationContext } from "./operation-context.js";
import { openPluginHost } from "./plugin-host.js";
import { pick } from "./program.js";
import { openDynamicHost, type HostOpener } from "./provider-host.js";
import { isWriteRequest } from "./is-write-request.js";
import { OperationRun } from "./run.js";
import type { OperationResult, OperationRunner, Scenario } from "./scenario.js";

/** A run without faults and interruptions. */
export const DEFAULT_RUN: RunMove = {
  kind: "run",
  command: "up",
  preview: true,
  continueOnError: false,
  parallel: false,
  adoptAll: false,
  replace: undefined,
  faults: [],
  interruption: undefined,
  concurrentDrift: undefined,
};

/** The request timeout, in milliseconds: short if faults make requests slow, otherwise long. */
const SHORT_MS = 120;
const LONG_MS = 10_000;
const SLOW = ["hang", "drip", "delay"];

/** Runs the operation on the dynamic host. */
export const runOperation: OperationRunner = createOperationRunner((context) =>
  Promise.resolve(openDynamicHost(context)),
);

/** Runs the operation on the plugin. */
export const runOnPlugin: OperationRunner = createOperationRunner(openPluginHost);

/** Creates a runner that runs operations as `pulumi` does: the preview in one process, the operation in another. */
function createOperationRunner(openHost: HostOpener): OperationRunner {
  return (scenario, move) => runWithHosts(scenario, move, openHost);
}

async function runWithHosts(
  scenario: Scenario,
  move: RunMove,
  openHost: HostOpener,
): Promise<OperationResult> {
  const { sandbox, stats } = scenario;
  stats.operations++;
  const armed = move.faults.map((fault) => ({ fault, counter: sandbox.fail(fault) }));
  const isSlow = move.faults.some(({ what }) => SLOW.includes(what.kind));
  const hasSlowFaultFired = () =>
    armed.some(({ fault, counter }) => counter.fired > 0 && SLOW.includes(fault.what.kind));
  const killAt = move.interruption?.request;
  const startRun = async (isPrelude: boolean) => {
    const context = openOperationContext(scenario, {
      adoptAll: move.adoptAll,
      requestTimeoutMs: isSlow ? SHORT_MS : LONG_MS,
    });
    const run = new OperationRun(scenario, context, await openHost(context), {
      ...move,
      interruption: isPrelude || killAt !== undefined ? undefined : move.interruption,
      concurrentDrift: isPrelude ? undefined : selectConcurrentDrift(scenario, move),
    });
    run.mayHaveLateWrites = () => hasSlowFaultFired() || run.hasConcurrentDrift;
    return run;
  };
  const liveBefore = new Set(scenario.listLive().map(({ id }) => id));
  const logged = sandbox.requests.length;
  const isQuiet = !scenario.hasLateWrites();
  if (isQuiet) scenario.mayDelete.clear();
  let run = await startRun(move.command !== "preview");
  const watch = setInterval(() => {
    if (killAt === undefined || run.interrupted || sandbox.requests.length - logged <= killAt) return;
    run.kill(`while request ${killAt + 1} was outstanding`);
  }, 1);
  let differences = new Map<string, string>();
  try {
    if (move.command === "preview" || (move.preview && move.command.startsWith("up"))) {
      differences = await runPreview(run, move);
      if (isQuiet && countWritesSince(scenario, logged) > 0) scenario.fail("a preview sent a write");
    }
    if (move.command !== "preview" && run.errors.length === 0 && !run.interrupted) {
      const { host, previewed } = run;
      void host.close();
      run = await startRun(false);
      run.previewed = previewed;
      await performCommand(run, move);
    }
  } finally {
    clearInterval(watch);
    // After an interruption, the process continues with its outstanding calls.
    void run.host.close();
  }
  let longest = 0;
  for (const { fault, counter } of armed) {
    stats.count("faults", getFaultName(fault.what), counter.fired);
    if (counter.fired > 0 && fault.what.kind === "delay") longest = Math.max(longest, fault.what.ms);
  }
  sandbox.clearFaults();
  if (hasSlowFaultFired() || run.interrupted)
    scenario.lateUntil = Math.max(scenario.lateUntil, performance.now() + longest + 20);
  checkOthers(scenario);
  checkOrphans(scenario);
  const isClean =
    run.errors.length === 0 && !run.interrupted && !run.hasConcurrentDrift && move.command !== "preview";
  if (isClean) checkCleanRun(scenario, liveBefore, move.command === "refresh");
  return {
    errors: run.errors,
    interrupted: run.interrupted,
    differences,
    writes: countWritesSince(scenario, logged),
  };
}

async function runPreview(run: OperationRun, move: RunMove): Promise<Map<string, string>> {
  const { scenario } = run;
  const forced = findForcedResource(scenario, move.replace);
  const saved = scenario.state;
  // A preview does not save its state.
  scenario.state = { resources: new Map(saved.resources), pendingDeletes: [...saved.pendingDeletes] };
  try {
    if (move.command === "up --refresh") await refresh(run, scenario.state);
    return run.isOver ? new Map() : await preview(run, { forced });
  } finally {
    scenario.state = saved;
  }
}

/** Lists the resources that `--replace` can select: they are in the program and in the state. */
export const listReplaceable = ({ program, state }: Scenario): string[] =>
  [...program.keys()].filter((name) => state.resources.has(name));

/** Selects the resource for `--replace`. */
export function findForcedResource(scenario: Scenario, replace: number | undefined): string | undefined {
  const saved = listReplaceable(scenario);
  return replace === undefined || saved.length === 0 ? undefined : pick(saved, replace);
}

async function performCommand(run: OperationRun, move: RunMove): Promise<void> {
  const { state } = run.scenario;
  const forced = findForcedResource(run.scenario, move.replace);
  if (move.command === "refresh") return refresh(run, state);
  if (move.command === "destroy") return destroy(run);
  if (move.command === "up --refresh") {
    await refresh(run, state);
    // The command stops if the refresh fails.
    if (run.isOver || run.errors.length > 0) return;
  }
  if (forced !== undefined) run.scenario.log(`    --replace ${forced}`);
  await update(run, forced);
}

/**
 * Selects what other users do during the run. They create no connection while the outcome of our own create
 * may be unknown. If a new user created the same pair at that moment, the package would attribute the
 * connection to itself, and the test could not detect this.
 */
function selectConcurrentDrift(
  scenario: Scenario,
  { concurrentDrift, faults, interruption }: RunMove,
): RunMove["concurrentDrift"] {
  const createsConnection =
    concurrentDrift?.drift.kind === "connect" || concurrentDrift?.drift.kind === "reconnect";
  return createsConnection && (faults.length > 0 || interruption || scenario.hasLateWrites())
    ? undefined
    : concurrentDrift;
}

/** Counts the write requests since then. */
export function countWritesSince(scenario: Scenario, logged: number): number {
  return scenario.sandbox.requests.slice(logged).filter(isWriteRequest).length;
}
