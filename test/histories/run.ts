/** One running engine operation. Its calls are numbered, may fail, and may be interrupted. */
import { setTimeout as sleep } from "node:timers/promises";
import { applyDrift } from "./drift.js";
import type { Interruption, RunMove } from "./moves.js";
import type { TestOperationContext } from "./operation-context.js";
import { listDeclaredConnections, type DeclaredResource } from "./program.js";
import type { ProviderHost } from "./provider-host.js";
import { parseCode, type RunError, type Scenario } from "./scenario.js";

/** Ends a chain of calls when the run is over. */
class RunStopped extends Error {}

/** Ends the chain of calls of a failed resource. */
class ResourceFailed extends Error {}

/** The calls of one operation and their results. */
export class OperationRun {
  readonly errors: RunError[] = [];
  interrupted = false;
  /**
   * Whether other users changed something during this run. Then its data may be older than the live
   * connections.
   */
  hasConcurrentDrift = false;
  /** Whether a write of this run may take effect after the client timed out. */
  mayHaveLateWrites: () => boolean = () => false;
  /** The outputs that the preview of this operation has shown, by resource. */
  previewed = new Map<string, unknown>();
  /** The successful steps, such as `create a`. */
  readonly steps: string[] = [];
  private calls = 0;
  private readonly concurrent = new Map<Promise<unknown>, readonly string[]>();
  private stop: () => void = () => undefined;
  private readonly stopped = new Promise<void>((resolve) => (this.stop = resolve));

  constructor(
    readonly scenario: Scenario,
    readonly context: TestOperationContext,
    readonly host: ProviderHost,
    private readonly options: {
      continueOnError: boolean;
      parallel: boolean;
      interruption: Interruption | undefined;
      concurrentDrift: RunMove["concurrentDrift"];
    },
  ) {}

  /** Whether the run starts no more calls. */
  get isOver(): boolean {
    return this.interrupted || (this.errors.length > 0 && !this.options.continueOnError);
  }

  /** Runs a chain of calls for each resource, sequentially or concurrently, until the run is over. */
  async runEach<T>(resources: readonly T[], chain: (resource: T) => Promise<void>): Promise<void> {
    const runGuarded = async (resource: T) => {
      if (this.isOver) return;
      await chain(resource).catch((error: unknown) => {
        if (!(error instanceof RunStopped) && !(error instanceof ResourceFailed)) throw error;
      });
    };
    const all = this.options.parallel
      ? Promise.all(resources.map(runGuarded))
      : resources.reduce((before, resource) => before.then(() => runGuarded(resource)), Promise.resolve());
    await Promise.race([all, this.stopped]);
    // Chains that an interruption leaves behind end on their own. Do not wait for them.
    void Promise.resolve(all).catch(() => undefined);
  }

  /**
   * Calls the host. A failure counts for the resource. The caller updates the state afterward.
   *
   * @param creates - the pairs that the call creates
   */
  async call<T>(
    resource: string,
    call: string,
    work: () => Promise<T>,
    creates: readonly string[] = [],
  ): Promise<T> {
    if (this.isOver) throw new RunStopped();
    const { interruption, concurrentDrift } = this.options;
    if (concurrentDrift?.call === this.calls && applyDrift(this.scenario, concurrentDrift.drift)) {
      this.hasConcurrentDrift = true;
      this.scenario.log(`    MEANWHILE ${JSON.stringify(concurrentDrift.drift)}`);
      this.scenario.stats.count("moves", `meanwhile: ${concurrentDrift.drift.kind}`);
    }
    const isLast = interruption?.call === this.calls++;
    if (isLast && !interruption.midway) return this.interrupt(`before ${call} ${resource}`);
    this.scenario.stats.calls++;
    const promise = work();
    this.track(promise, creates);
    if (isLast) {
      await Promise.race([promise.catch(() => undefined), sleep(interruption.afterMs)]);
      this.markUncertain(creates);
      return this.interrupt(`${interruption.afterMs} ms into ${call} ${resource}`);
    }
    try {
      const result = await promise;
      if (!this.interrupted) return result;
    } catch (error) {
      if (this.interrupted) throw new RunStopped();
      const code = this.recordError(resource, call, error);
      if (code === "outcome-unknown") this.markUncertain(creates);
      if (code === "pair-exists") this.markUncertain(creates.filter((pair) => this.hasUnknownPost(pair)));
      throw new ResourceFailed();
    }
    // The result came too late to be saved.
    this.markUncertain(creates);
    throw new RunStopped();
  }

  /** Records an error of a resource and returns its code. An error without a code is a bug. */
  recordError(resource: string, call: string, error: unknown): string {
    const { message } = error as Error;
    const code = parseCode(message);
    if (code === undefined)
      return this.scenario.fail(`${call} ${resource} threw an error without a code: ${message}`);
    this.scenario.log(`    ${call} ${resource}: ${code}`);
    this.scenario.stats.count("errors", code);
    this.errors.push({ resource, call, code, message });
    return code;
  }

  /**
   * Records why a saved resource is only partially complete. Marks creates with an unknown outcome by their
   * pair.
   */
  recordPartialFailure(resource: string, declared: DeclaredResource, reasons: readonly string[]): never {
    for (const message of reasons) {
      const code = this.recordError(resource, "partial", new Error(message));
      const rows = listDeclaredConnections(declared);
      if (code === "pair-exists")
        this.markUncertain(rows.map(({ pair }) => pair).filter((pair) => this.hasUnknownPost(pair)));
      if (code !== "outcome-unknown") continue;
      const { sandbox } = this.scenario;
      this.markUncertain(
        rows.flatMap(({ sink, pair }) => (message.includes(sandbox.getOrganization(sink).id) ? [pair] : [])),
      );
    }
    throw new ResourceFailed();
  }

  /** Records the failures of check. */
  recordCheckFailures(resource: string, reasons: readonly string[]): never {
    for (const message of reasons) {
      const code = parseCode(message) ?? "invalid";
      this.scenario.log(`    check ${resource}: ${code}`);
      this.scenario.stats.count("errors", `check: ${code}`);
      this.errors.push({ resource, call: "check", code, message });
    }
    throw new ResourceFailed();
  }

  /** Records a success. */
  recordStep(step: string): void {
    this.steps.push(step);
    this.scenario.log(`    ${step}`);
  }

  /**
   * Whether a POST of this operation for the pair has an unknown outcome. If the pair had another connection before, the provider
   * cannot prove that it created the existing one, and reports `pair-exists`.
   */
  private hasUnknownPost(pair: string): boolean {
    return this.scenario.createRequests.some(
      (post) => post.pair === pair && post.context === this.context && post.outcome === "unknown",
    );
  }

  private markUncertain(pairs: readonly string[]): void {
    for (const pair of pairs) this.scenario.uncertainCreates.add(pair);
  }

  private track(promise: Promise<unknown>, creates: readonly string[]): void {
    this.concurrent.set(promise, creates);
    this.scenario.creating.set(promise, creates);
    const untrack = () => {
      this.concurrent.delete(promise);
      // In a later turn: by then, the caller has saved the result.
      setImmediate(() => this.scenario.creating.delete(promise));
      this.scenario.outstanding.delete(promise);
    };
    promise.then(untrack, untrack);
  }

  private interrupt(where: string): never {
    this.kill(where);
    throw new RunStopped();
  }

  /** Simulates a killed engine: outstanding calls continue unobserved and send no new writes. */
  kill(where: string): void {
    this.interrupted = true;
    this.context.gone = true;
    this.scenario.log(`    INTERRUPTED ${where}`);
    this.scenario.stats.interruptions++;
    for (const [promise, creates] of this.concurrent) {
      this.scenario.outstanding.add(promise);
      this.markUncertain(creates);
    }
    for (const post of this.scenario.createRequests) {
      if (post.context === this.context && post.outcome === "outstanding") post.isInterrupted = true;
    }
    this.stop();
  }
}
