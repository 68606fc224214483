/** One engine operation under way: its calls are numbered, may fail, and may be cut off in the middle. */
import { setTimeout as sleep } from "node:timers/promises";
import { drift } from "./drift.js";
import type { Interruption, RunMove } from "./moves.js";
import type { OperationWorld } from "./operation-world.js";
import { declaredRows, type Declared } from "./program.js";
import { codeOf, type RunError, type Scene } from "./scene.js";

/** Thrown through a chain of calls whose run is over. */
class Stopped extends Error {}

/** Thrown through a chain of calls of a resource that failed. */
class ResourceFailed extends Error {}

/** The calls of one operation, and how they ended. */
export class Run {
  readonly errors: RunError[] = [];
  interrupted = false;
  /** Whether others did something during this run: then what it saw may be older than what is live. */
  isMeddledWith = false;
  /** Whether a write of this very run may land after its sender has given up. */
  mayBeLate: () => boolean = () => false;
  /** What was done successfully, as `create a`. */
  readonly steps: string[] = [];
  private calls = 0;
  private readonly inFlight = new Map<Promise<unknown>, readonly string[]>();
  private stop: () => void = () => undefined;
  private readonly stopped = new Promise<void>((resolve) => (this.stop = resolve));

  constructor(
    readonly scene: Scene,
    readonly world: OperationWorld,
    private readonly how: {
      continueOnError: boolean;
      parallel: boolean;
      interruption: Interruption | undefined;
      meanwhile: RunMove["meanwhile"];
    },
  ) {}

  /** Whether nothing further is begun. */
  get isOver(): boolean {
    return this.interrupted || (this.errors.length > 0 && !this.how.continueOnError);
  }

  /** Runs a chain of calls for each resource, one after another or all at once, as far as the run goes. */
  async each<T>(resources: readonly T[], chain: (resource: T) => Promise<void>): Promise<void> {
    const guarded = async (resource: T) => {
      if (this.isOver) return;
      await chain(resource).catch((error: unknown) => {
        if (!(error instanceof Stopped) && !(error instanceof ResourceFailed)) throw error;
      });
    };
    const all = this.how.parallel
      ? Promise.all(resources.map(guarded))
      : resources.reduce((before, resource) => before.then(() => guarded(resource)), Promise.resolve());
    await Promise.race([all, this.stopped]);
    // Chains that an interruption leaves behind end by themselves; nobody waits for them here.
    void Promise.resolve(all).catch(() => undefined);
  }

  /**
   * One call of the host. Its failure is the resource's; the state is changed by the caller, after it.
   *
   * @param creates - the pairs that the call creates
   */
  async call<T>(
    resource: string,
    call: string,
    work: () => Promise<T>,
    creates: readonly string[] = [],
  ): Promise<T> {
    if (this.isOver) throw new Stopped();
    const { interruption, meanwhile } = this.how;
    if (meanwhile?.call === this.calls && drift(this.scene, meanwhile.drift)) {
      this.isMeddledWith = true;
      this.scene.log(`    MEANWHILE ${JSON.stringify(meanwhile.drift)}`);
      this.scene.stats.count("moves", `meanwhile: ${meanwhile.drift.kind}`);
    }
    const isLast = interruption?.call === this.calls++;
    if (isLast && !interruption.midway) return this.interrupt(`before ${call} ${resource}`);
    this.scene.stats.calls++;
    const promise = work();
    this.track(promise, creates);
    if (isLast) {
      await Promise.race([promise.catch(() => undefined), sleep(interruption.afterMs)]);
      this.cut(creates);
      return this.interrupt(`${interruption.afterMs} ms into ${call} ${resource}`);
    }
    try {
      const result = await promise;
      if (!this.interrupted) return result;
    } catch (error) {
      if (this.interrupted) throw new Stopped();
      if (this.failed(resource, call, error) === "outcome-unknown") this.cut(creates);
      throw new ResourceFailed();
    }
    // It came too late to be saved.
    this.cut(creates);
    throw new Stopped();
  }

  /** Notes an error of a resource, and returns its code. Anything but an error of ours is a bug. */
  failed(resource: string, call: string, error: unknown): string {
    const { message } = error as Error;
    const code = codeOf(message);
    if (code === undefined) return this.scene.fail(`${call} ${resource} threw no error of ours: ${message}`);
    this.scene.log(`    ${call} ${resource}: ${code}`);
    this.scene.stats.count("errors", code);
    this.errors.push({ resource, call, code, message });
    return code;
  }

  /** Notes why a resource, by now saved, was done in part only. A create whose outcome is unknown is told by its pair. */
  doneInPart(resource: string, declared: Declared, reasons: readonly string[]): never {
    for (const message of reasons) {
      if (this.failed(resource, "in part", new Error(message)) !== "outcome-unknown") continue;
      const { sandbox } = this.scene;
      const rows = declaredRows(declared);
      this.cut(
        rows.flatMap(({ sink, pair }) => (message.includes(sandbox.organization(sink).id) ? [pair] : [])),
      );
    }
    throw new ResourceFailed();
  }

  /** Notes failures of check. */
  refused(resource: string, reasons: readonly string[]): never {
    for (const message of reasons) {
      const code = codeOf(message) ?? "invalid";
      this.scene.log(`    check ${resource}: ${code}`);
      this.scene.stats.count("errors", `check: ${code}`);
      this.errors.push({ resource, call: "check", code, message });
    }
    throw new ResourceFailed();
  }

  /** Notes a success. */
  done(step: string): void {
    this.steps.push(step);
    this.scene.log(`    ${step}`);
  }

  private cut(pairs: readonly string[]): void {
    for (const pair of pairs) this.scene.cut.add(pair);
  }

  private track(promise: Promise<unknown>, creates: readonly string[]): void {
    this.inFlight.set(promise, creates);
    this.scene.creating.set(promise, creates);
    const forget = () => {
      this.inFlight.delete(promise);
      // A turn later: by then its caller has saved what it made.
      setImmediate(() => this.scene.creating.delete(promise));
      this.scene.underWay.delete(promise);
    };
    promise.then(forget, forget);
  }

  private interrupt(where: string): never {
    this.kill(where);
    throw new Stopped();
  }

  /** The engine is gone: what is in flight goes on unseen, and writes nothing new. */
  kill(where: string): void {
    this.interrupted = true;
    this.world.gone = true;
    this.scene.log(`    INTERRUPTED ${where}`);
    this.scene.stats.interruptions++;
    for (const [promise, creates] of this.inFlight) {
      this.scene.underWay.add(promise);
      this.cut(creates);
    }
    for (const post of this.scene.posts) {
      if (post.world === this.world && post.outcome === "under way") post.isDropped = true;
    }
    this.stop();
  }
}
