/**
 * Many scenes in step on one stack of the real engine: each waits for its next operation until all have asked for theirs,
 * and one run of the CLI then serves all that want the same command.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultAction } from "../../sandbox/src/index.js";
import { steadyNow } from "../../sandbox/src/request-log.js";
import { cutShort } from "../histories/cut-short.js";
import type { RunMove } from "../histories/moves.js";
import { Divergence, type Operate, type Outcome } from "../histories/scene.js";
import { replaceFlags, type Part, type Ran, type SharedStack } from "../histories/shared-stack.js";
import { readErrors } from "../histories/stack-results.js";
import { until } from "../engine/processes.js";
import type { Run } from "../engine/stack.js";
import type { SandboxView } from "./sandbox-view.js";

interface Waiting {
  part: Part;
  /** How many operations its scene has had before. */
  round: number;
  /** How many runs others have ended before it was done. */
  times: number;
  settle: (outcome: PromiseSettledResult<Outcome>) => void;
}

/**
 * Whether the engine is killed when the faults of an operation hold their requests. Only where they hold reads can it be
 * killed repeatedly: a write that was killed needs its recovery first, as its conflict would end the next run.
 */
export type Kills = "never" | "once" | "repeatedly";

/** A run is repeated this often while some fault has met no request, since another one had ended the run before. */
const MOST_RUNS = 40;
/** So often a scene's operation is run again since others had ended the run before it was done. */
const MOST_WAITS = 8;
/** All requests that can come have come when there is no new one for this long, in milliseconds. */
const CALM_MS = 1_000;
/** Of a group whose scenes want different commands, this comes first. */
const ORDER = ["up --refresh", "refresh", "destroy", "up", "preview"] as const;

export class Batch {
  private waiting: Waiting[] = [];
  private readonly rounds = new Map<string, number>();
  private readonly active: Set<string>;
  private isRunning = false;

  /**
   * @param views the sandbox of each scene, by its tag
   */
  constructor(
    private readonly shared: SharedStack,
    private readonly views: ReadonlyMap<string, SandboxView>,
    private readonly kills: Kills,
  ) {
    this.active = new Set(views.keys());
  }

  /** Plays all scenes to their ends. */
  play<T>(
    playOne: (tag: string, view: SandboxView, operate: Operate) => Promise<T>,
  ): Promise<PromiseSettledResult<T>[]> {
    return Promise.allSettled(
      [...this.views].map(([tag, view]) =>
        playOne(tag, view, this.operateOf(tag)).finally(() => {
          this.active.delete(tag);
          this.runNext();
        }),
      ),
    );
  }

  private operateOf(tag: string): Operate {
    return (scene, move) =>
      new Promise((resolve, reject) => {
        const round = this.rounds.get(tag) ?? 0;
        this.rounds.set(tag, round + 1);
        const settle = (outcome: PromiseSettledResult<Outcome>) => {
          if (outcome.status === "fulfilled") resolve(outcome.value);
          else reject(outcome.reason as Error);
        };
        this.waiting.push({ part: { scene, move, tag }, round, times: 0, settle });
        this.runNext();
      });
  }

  private runNext(): void {
    if (this.isRunning || this.waiting.length === 0 || this.waiting.length < this.active.size) return;
    this.isRunning = true;
    const group = nextGroup(this.waiting);
    this.waiting = this.waiting.filter((one) => !group.includes(one));
    const parts = group.map(({ part }) => part);
    const settleAll = (outcomes: readonly PromiseSettledResult<Outcome>[], hasFailed: boolean) => {
      this.isRunning = false;
      for (const [at, one] of group.entries()) {
        const outcome = outcomes[at] as PromiseSettledResult<Outcome>;
        if (hasFailed && wasHindered(one, outcome)) this.waitAgain(one);
        else one.settle(outcome);
      }
      this.runNext();
    };
    let code: number | undefined;
    this.shared
      .operate(parts, async () => {
        const ran = await this.runCli(parts);
        ({ code } = ran.run);
        return ran;
      })
      .then((outcomes) => settleAll(outcomes, code !== 0 && !parts.some(hasFaults)))
      .catch((reason: unknown) =>
        settleAll(
          parts.map(() => ({ status: "rejected", reason })),
          false,
        ),
      );
  }

  /** Asks for the same operation again, after those that the others do about their errors. */
  private waitAgain(one: Waiting): void {
    const round = one.round + 1;
    this.rounds.set(one.part.tag, round + 1);
    this.waiting.push({ ...one, round, times: one.times + 1 });
  }

  private async runCli(parts: readonly Part[]): Promise<Ran> {
    const { stack } = this.shared;
    const move = (parts[0] as Part).move;
    stack.env = this.shared.environment(move);
    const args = argumentsOf(parts, move);
    const holds = parts.some(({ move: { faults } }) => faults.some(({ what }) => isHold(what)));
    if (this.kills !== "never" && holds) return this.runKilled(parts, args);
    const errors: Ran["errors"] = [];
    const steps: string[] = [];
    for (let runs = 1; ; runs++) {
      const [verb = "up", ...flags] = args;
      const run = await (await stack.begin(verb, ...flags)).done;
      errors.push(...readErrors(stack, run));
      steps.push(...run.steps);
      const isUnmet = parts.some((part) => hasFaults(part) && this.isArmed(part.tag));
      if (run.code === 0 || !isUnmet || runs === MOST_RUNS)
        return { run: { ...run, steps }, errors, interrupted: false };
      await this.shared.permitMore(parts);
    }
  }

  private isArmed = (tag: string): boolean => this.views.get(tag)?.isArmed() === true;

  /**
   * Kills the engine once the faults hold their requests: repeatedly, until each has held one, since the engine makes its
   * checks one after the other, and one that is held is in the way of all that follow.
   */
  private async runKilled(parts: readonly Part[], args: readonly string[]): Promise<Ran> {
    for (;;) {
      const { run, wasKilled } = await this.runKilledOnce(parts, args);
      const isDone = !parts.some(({ tag }) => this.isArmed(tag));
      if (isDone || !wasKilled || this.kills !== "repeatedly") return { run, errors: [], interrupted: true };
      await this.shared.permitMore(parts);
    }
  }

  private async runKilledOnce(
    parts: readonly Part[],
    [verb = "up", ...flags]: readonly string[],
  ): Promise<{ run: Run; wasKilled: boolean }> {
    const { stack } = this.shared;
    const armed = () => parts.filter(({ tag }) => this.isArmed(tag)).length;
    const before = armed();
    const running = await stack.begin(verb, ...flags);
    const isOver = () => running.process.exitCode !== null;
    let [seen, since] = [0, Date.now()];
    for (;;) {
      const requests = parts.reduce((sum, { scene }) => sum + scene.sandbox.requests.length, 0);
      if (requests !== seen) [seen, since] = [requests, Date.now()];
      const isCalm = armed() < before && Date.now() - since > CALM_MS;
      if (isOver() || armed() === 0 || isCalm) break;
      await sleep(50);
    }
    if (isOver()) return { run: await running.done, wasKilled: false };
    for (const { scene } of parts) scene.log("    KILLED");
    let goneAt = Infinity;
    const run = await cutShort(stack, running, "a kill", async () => {
      goneAt = steadyNow();
      for (const view of this.views.values()) view.release();
      await until("the end of all requests", () =>
        parts.every(({ scene }) => scene.sandbox.requests.every(({ endedAt }) => endedAt !== undefined)),
      );
    });
    for (const part of parts) this.checkSilence(part, goneAt);
    return { run, wasKilled: true };
  }

  /** A provider process whose engine is gone sends no write. */
  private checkSilence({ scene, tag }: Part, goneAt: number): void {
    const write = scene.sandbox.requests.find(
      ({ method, startedAt }) => method !== "GET" && startedAt > goneAt,
    );
    if (!write) return;
    const what = `${write.method} ${write.path} was sent after the engine was gone`;
    this.shared.report(tag, new Divergence(what, scene.trace));
  }
}

const hasFaults = ({ move }: Part): boolean => move.faults.length > 0;
const isHold = ({ kind }: FaultAction): boolean => kind === "hang" || kind === "delay";

/** Whether a run that failed may not have come to this scene's resources: an error of a check ends it for all. */
function wasHindered({ times }: Waiting, outcome: PromiseSettledResult<Outcome>): boolean {
  return times < MOST_WAITS && outcome.status === "fulfilled" && outcome.value.errors.length === 0;
}

/** Those of the earliest round that want the same command. */
function nextGroup(waiting: readonly Waiting[]): Waiting[] {
  const round = Math.min(...waiting.map((one) => one.round));
  const early = waiting.filter((one) => one.round === round);
  // What solves an error comes before what was hindered by it.
  const rank = ({ part: { move } }: Waiting) => 2 * ORDER.indexOf(move.command) - Number(move.adoptAll);
  const first = Math.min(...early.map(rank));
  return early.filter((one) => rank(one) === first);
}

function argumentsOf(parts: readonly Part[], { command }: RunMove): string[] {
  const [verb = "up", refresh] = command.split(" ");
  // Engine 3.274.1 waits for ever when a deletion before a replacement fails under --continue-on-error.
  const mayHang =
    parts.some(hasFaults) && parts.some(({ scene }) => [...scene.program.values()].some(({ dbr }) => dbr));
  return [
    verb,
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(refresh === undefined ? [] : [refresh]),
    ...((verb === "up" && !mayHang) || verb === "destroy" ? ["--continue-on-error"] : []),
    "--parallel=256",
    ...(verb === "up" ? replaceFlags(parts) : []),
  ];
}
