/** One engine operation of a history, with its faults, its interruption, and what must hold after it. */
import { checkCleanRun, checkOthers, checkOrphans } from "./checks.js";
import { destroy, preview, refresh, update } from "./engine.js";
import { faultName, type RunMove } from "./moves.js";
import { openWorld } from "./operation-world.js";
import { pick } from "./program.js";
import { Run } from "./run.js";
import type { Outcome, Scene } from "./scene.js";

/** How a run with nothing in its way is made. */
export const PLAIN: RunMove = {
  kind: "run",
  command: "up",
  preview: true,
  continueOnError: false,
  parallel: false,
  adoptAll: false,
  replace: undefined,
  faults: [],
  interruption: undefined,
  meanwhile: undefined,
};

/** A request that never ends is given up after this long where faults make some of them slow, else much later. */
const SHORT_MS = 120;
const LONG_MS = 10_000;
const SLOW = ["hang", "drip", "delay"];

/** Runs it as `pulumi` would: a preview in a process of its own, then the operation in another. */
export async function operate(scene: Scene, move: RunMove): Promise<Outcome> {
  const { sandbox, stats } = scene;
  stats.operations++;
  const armed = move.faults.map((fault) => ({ fault, counter: sandbox.fail(fault) }));
  const isSlow = move.faults.some(({ what }) => SLOW.includes(what.kind));
  const slowFired = () =>
    armed.some(({ fault, counter }) => counter.fired > 0 && SLOW.includes(fault.what.kind));
  const killAt = move.interruption?.request;
  const begin = (isPrelude: boolean) => {
    const world = openWorld(scene, { adoptAll: move.adoptAll, tryTimeoutMs: isSlow ? SHORT_MS : LONG_MS });
    const run = new Run(scene, world, {
      ...move,
      interruption: isPrelude || killAt !== undefined ? undefined : move.interruption,
      meanwhile: isPrelude ? undefined : meddling(scene, move),
    });
    run.mayBeLate = () => slowFired() || run.isMeddledWith;
    return run;
  };
  const liveBefore = new Set(scene.live().map(({ id }) => id));
  const logged = sandbox.requests.length;
  const isQuiet = !scene.isLate();
  if (isQuiet) scene.mayEnd.clear();
  let run = begin(move.command !== "preview");
  const watch = setInterval(() => {
    if (killAt === undefined || run.interrupted || sandbox.requests.length - logged <= killAt) return;
    run.kill(`while request ${killAt + 1} was under way`);
  }, 1);
  let differences = new Map<string, string>();
  try {
    if (move.command === "preview" || (move.preview && move.command.startsWith("up"))) {
      differences = await previewed(run, move);
      if (isQuiet && writesSince(scene, logged) > 0) scene.fail("a preview made a write");
    }
    if (move.command !== "preview" && run.errors.length === 0 && !run.interrupted) {
      run = begin(false);
      await perform(run, move);
    }
  } finally {
    clearInterval(watch);
  }
  let longest = 0;
  for (const { fault, counter } of armed) {
    stats.count("faults", faultName(fault.what), counter.fired);
    if (counter.fired > 0 && fault.what.kind === "delay") longest = Math.max(longest, fault.what.ms);
  }
  sandbox.clearFaults();
  if (slowFired() || run.interrupted)
    scene.lateUntil = Math.max(scene.lateUntil, performance.now() + longest + 20);
  checkOthers(scene);
  checkOrphans(scene);
  const isClean =
    run.errors.length === 0 && !run.interrupted && !run.isMeddledWith && move.command !== "preview";
  if (isClean) checkCleanRun(scene, liveBefore, move.command === "refresh");
  return {
    errors: run.errors,
    interrupted: run.interrupted,
    differences,
    writes: writesSince(scene, logged),
  };
}

async function previewed(run: Run, move: RunMove): Promise<Map<string, string>> {
  const { scene } = run;
  const saved = scene.state;
  // A preview saves nothing.
  scene.state = { resources: new Map(saved.resources), pendingDeletes: [...saved.pendingDeletes] };
  try {
    if (move.command === "up --refresh") await refresh(run, scene.state);
    return run.isOver ? new Map() : await preview(run);
  } finally {
    scene.state = saved;
  }
}

/** The resource of `--replace`: one that the program declares and the state holds. */
export function forcedIn({ program, state }: Scene, replace: number | undefined): string | undefined {
  const held = [...program.keys()].filter((name) => state.resources.has(name));
  return replace === undefined || held.length === 0 ? undefined : pick(held, replace);
}

async function perform(run: Run, move: RunMove): Promise<void> {
  const { state } = run.scene;
  const forced = forcedIn(run.scene, move.replace);
  if (move.command === "refresh") return refresh(run, state);
  if (move.command === "destroy") return destroy(run);
  if (move.command === "up --refresh") {
    await refresh(run, state);
    // A refresh that failed ends the command.
    if (run.isOver || run.errors.length > 0) return;
  }
  if (forced !== undefined) run.scene.log(`    --replace ${forced}`);
  await update(run, forced);
}

/**
 * What others do during the run. They make no connection while an answer of ours may be lost: one of the same pair in
 * that moment, by a creator whom these keys have not met yet, is ours by the rule of attribution, and nobody could tell.
 */
function meddling(scene: Scene, { meanwhile, faults, interruption }: RunMove): RunMove["meanwhile"] {
  const makesOne = meanwhile?.drift.kind === "connect" || meanwhile?.drift.kind === "reconnect";
  return makesOne && (faults.length > 0 || interruption || scene.isLate()) ? undefined : meanwhile;
}

/** How many requests since then would change something. */
export function writesSince(scene: Scene, logged: number): number {
  return scene.sandbox.requests.slice(logged).filter(({ method }) => method !== "GET").length;
}
