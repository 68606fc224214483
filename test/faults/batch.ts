/**
 * Runs many scenarios in lockstep on one stack of the real engine. Each waits for its next operation until
 * all have requested theirs. One run of the CLI then serves all that request the same command.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultAction } from "../../sandbox/src/index.js";
import { readMonotonicClock } from "../../sandbox/src/request-log.js";
import { interruptRun } from "../histories/interrupt-run.js";
import type { RunMove } from "../histories/moves.js";
import { Divergence, type OperationRunner, type OperationResult } from "../histories/scenario.js";
import {
  formatReplaceFlags,
  type ScenarioMove,
  type CliResult,
  type SharedStack,
} from "../histories/shared-stack.js";
import { readErrors } from "../histories/stack-results.js";
import { waitUntil } from "../engine/processes.js";
import type { CliRun } from "../engine/stack.js";
import type { SandboxView } from "./sandbox-view.js";

interface WaitingOperation {
  part: ScenarioMove;
  /** The count of earlier operations of the scenario. */
  round: number;
  /** The count of runs that failed because of other scenarios. */
  times: number;
  settle: (outcome: PromiseSettledResult<OperationResult>) => void;
}

/**
 * Whether the engine is killed when the faults of an operation delay their requests. It can be killed
 * repeatedly only if they delay reads: a killed write must be recovered first, since its conflict would end
 * the next run.
 */
export type KillMode = "never" | "once" | "repeatedly";

/** The maximum count of runs while some fault has affected no request because another fault ended the run. */
const MAX_RUNS = 40;
/** How often the operation of a scenario runs again because other scenarios ended the run too early. */
const MAX_WAITS = 8;
/** After this time without a new request, in milliseconds, no more requests are expected. */
const QUIET_MS = 1_000;
/** The order of commands, if scenarios request different ones. */
const ORDER = ["up --refresh", "refresh", "destroy", "up", "preview"] as const;

export class Batch {
  private waiting: WaitingOperation[] = [];
  private readonly rounds = new Map<string, number>();
  private readonly active: Set<string>;
  private isRunning = false;

  /**
   * @param views the sandbox of each scenario, by tag
   */
  constructor(
    private readonly shared: SharedStack,
    private readonly views: ReadonlyMap<string, SandboxView>,
    private readonly kills: KillMode,
  ) {
    this.active = new Set(views.keys());
  }

  /** Plays all scenarios to the end. */
  play<T>(
    playOne: (tag: string, view: SandboxView, operate: OperationRunner) => Promise<T>,
  ): Promise<PromiseSettledResult<T>[]> {
    return Promise.allSettled(
      [...this.views].map(([tag, view]) =>
        playOne(tag, view, this.createRunner(tag)).finally(() => {
          this.active.delete(tag);
          this.runNext();
        }),
      ),
    );
  }

  private createRunner(tag: string): OperationRunner {
    return (scenario, move) =>
      new Promise((resolve, reject) => {
        const round = this.rounds.get(tag) ?? 0;
        this.rounds.set(tag, round + 1);
        const settle = (outcome: PromiseSettledResult<OperationResult>) => {
          if (outcome.status === "fulfilled") resolve(outcome.value);
          else reject(outcome.reason as Error);
        };
        this.waiting.push({ part: { scenario, move, tag }, round, times: 0, settle });
        this.runNext();
      });
  }

  private runNext(): void {
    if (this.isRunning || this.waiting.length === 0 || this.waiting.length < this.active.size) return;
    this.isRunning = true;
    const group = selectNextGroup(this.waiting);
    this.waiting = this.waiting.filter((one) => !group.includes(one));
    const parts = group.map(({ part }) => part);
    const settleAll = (outcomes: readonly PromiseSettledResult<OperationResult>[], hasFailed: boolean) => {
      this.isRunning = false;
      for (const [at, one] of group.entries()) {
        const outcome = outcomes[at] as PromiseSettledResult<OperationResult>;
        if (hasFailed && mayHaveBeenBlocked(one, outcome)) this.requeue(one);
        else one.settle(outcome);
      }
      this.runNext();
    };
    let code: number | undefined;
    this.shared
      .runOperation(parts, async () => {
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

  /** Requests the same operation again, after the operations by which other scenarios handle their errors. */
  private requeue(one: WaitingOperation): void {
    const round = one.round + 1;
    this.rounds.set(one.part.tag, round + 1);
    this.waiting.push({ ...one, round, times: one.times + 1 });
  }

  private async runCli(parts: readonly ScenarioMove[]): Promise<CliResult> {
    const { stack } = this.shared;
    const move = (parts[0] as ScenarioMove).move;
    stack.env = this.shared.getEnvironment(move);
    const args = createArguments(parts, move);
    const holds = parts.some(({ move: { faults } }) => faults.some(({ what }) => isHold(what)));
    if (this.kills !== "never" && holds) return this.runKilled(parts, args);
    const errors: CliResult["errors"] = [];
    const steps: string[] = [];
    for (let runs = 1; ; runs++) {
      const [verb = "up", ...flags] = args;
      const run = await (await stack.start(verb, ...flags)).done;
      errors.push(...readErrors(stack, run));
      steps.push(...run.steps);
      const isUnmet = parts.some((part) => hasFaults(part) && this.isArmed(part.tag));
      if (run.code === 0 || !isUnmet || runs === MAX_RUNS)
        return { run: { ...run, steps }, errors, wasInterrupted: false };
      await this.shared.permitAgain(parts);
    }
  }

  private isArmed = (tag: string): boolean => this.views.get(tag)?.isArmed() === true;

  /**
   * Kills the engine once the faults delay their requests. Repeats this until each fault has delayed one: the
   * engine runs its checks sequentially, so a delayed check blocks all later ones.
   */
  private async runKilled(parts: readonly ScenarioMove[], args: readonly string[]): Promise<CliResult> {
    for (;;) {
      const { run, wasKilled } = await this.runKilledOnce(parts, args);
      const isDone = !parts.some(({ tag }) => this.isArmed(tag));
      if (isDone || !wasKilled || this.kills !== "repeatedly")
        return { run, errors: [], wasInterrupted: true };
      await this.shared.permitAgain(parts);
    }
  }

  private async runKilledOnce(
    parts: readonly ScenarioMove[],
    [verb = "up", ...flags]: readonly string[],
  ): Promise<{ run: CliRun; wasKilled: boolean }> {
    const { stack } = this.shared;
    const countArmed = () => parts.filter(({ tag }) => this.isArmed(tag)).length;
    const before = countArmed();
    const running = await stack.start(verb, ...flags);
    const isOver = () => running.process.exitCode !== null;
    let [requestCount, since] = [0, Date.now()];
    for (;;) {
      const requests = parts.reduce((sum, { scenario }) => sum + scenario.sandbox.requests.length, 0);
      if (requests !== requestCount) [requestCount, since] = [requests, Date.now()];
      const isCalm = countArmed() < before && Date.now() - since > QUIET_MS;
      if (isOver() || countArmed() === 0 || isCalm) break;
      await sleep(50);
    }
    if (isOver()) return { run: await running.done, wasKilled: false };
    for (const { scenario } of parts) scenario.log("    KILLED");
    let killedAt = Infinity;
    const run = await interruptRun(stack, running, "a kill", async () => {
      killedAt = readMonotonicClock();
      for (const view of this.views.values()) view.release();
      await waitUntil("all requests to complete", () =>
        parts.every(({ scenario }) =>
          scenario.sandbox.requests.every(({ endedAt }) => endedAt !== undefined),
        ),
      );
    });
    for (const part of parts) this.checkNoWriteAfterKill(part, killedAt);
    return { run, wasKilled: true };
  }

  /** A provider process must send no writes after its engine is gone. */
  private checkNoWriteAfterKill({ scenario, tag }: ScenarioMove, killedAt: number): void {
    const write = scenario.sandbox.requests.find(
      ({ method, startedAt }) => method !== "GET" && startedAt > killedAt,
    );
    if (!write) return;
    const what = `${write.method} ${write.path} was sent after the engine was gone`;
    this.shared.report(tag, new Divergence(what, scenario.trace));
  }
}

const hasFaults = ({ move }: ScenarioMove): boolean => move.faults.length > 0;
const isHold = ({ kind }: FaultAction): boolean => kind === "hang" || kind === "delay";

/**
 * Whether a failed run may not have reached the resources of this scenario: a failed check ends the run for
 * all.
 */
function mayHaveBeenBlocked(
  { times }: WaitingOperation,
  outcome: PromiseSettledResult<OperationResult>,
): boolean {
  return times < MAX_WAITS && outcome.status === "fulfilled" && outcome.value.errors.length === 0;
}

/** Selects the operations of the earliest round that request the same command. */
function selectNextGroup(waiting: readonly WaitingOperation[]): WaitingOperation[] {
  const round = Math.min(...waiting.map((one) => one.round));
  const early = waiting.filter((one) => one.round === round);
  // Operations that resolve an error come before those that it blocked.
  const getRank = ({ part: { move } }: WaitingOperation) =>
    2 * ORDER.indexOf(move.command) - Number(move.adoptAll);
  const first = Math.min(...early.map(getRank));
  return early.filter((one) => getRank(one) === first);
}

function createArguments(parts: readonly ScenarioMove[], { command }: RunMove): string[] {
  const [verb = "up", refresh] = command.split(" ");
  // Engine 3.274.1 waits for ever when a deletion before a replacement fails under --continue-on-error.
  const mayHang =
    parts.some(hasFaults) &&
    parts.some(({ scenario }) => [...scenario.program.values()].some(({ dbr }) => dbr));
  return [
    verb,
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(refresh === undefined ? [] : [refresh]),
    ...((verb === "up" && !mayHang) || verb === "destroy" ? ["--continue-on-error"] : []),
    "--parallel=256",
    ...(verb === "up" ? formatReplaceFlags(parts) : []),
  ];
}
