import { canConnect } from "../api/network.js";
import { OrgConnectionsError } from "../api/org-connections-error.js";

/** The time between two probes of the engine, in milliseconds. */
const INTERVAL_MS = 5000;
/** The engine counts as gone after this many consecutive failed probes. A single probe may fail because the engine is busy. */
const MAX_MISSES = 2;

/** Replacements for tests. */
interface Options {
  exit?: () => void;
  intervalMs?: number;
  isAlive?: typeof isEngineAlive;
}

/**
 * Exits a provider process after its engine is gone. Without this exit, the process of a killed engine would continue to run with
 * the credentials of every organization in memory. The exit waits for outstanding writes, so that their requests are not
 * interrupted. It waits at most for the timeout of one request. A read changes nothing, so it may be interrupted.
 */
export class EngineWatch {
  private isStarted = false;
  private consecutiveMisses = 0;
  private isStopping = false;
  private outstandingWrites = 0;
  /** The longest timeout of one request among all writes so far, in milliseconds. */
  private longestRequestMs = 0;
  private readonly exit: () => void;
  private readonly intervalMs: number;
  private readonly isAlive: typeof isEngineAlive;

  constructor({ exit, intervalMs, isAlive }: Options = {}) {
    this.exit = exit ?? (() => process.exit(1));
    this.intervalMs = intervalMs ?? INTERVAL_MS;
    this.isAlive = isAlive ?? isEngineAlive;
  }

  /**
   * Starts the probes. Further calls have no effect. The probes do not keep the process alive.
   *
   * @param address - the address of the engine, as for `isEngineAlive`
   */
  start(address = findEngineAddress()): void {
    if (!this.isStarted) this.scheduleProbe(address);
    this.isStarted = true;
  }

  /**
   * Returns the result of a write, and counts the write as outstanding until it ends.
   *
   * @param requestMs - the timeout of one request of the write, in milliseconds
   */
  async trackWrite<T>(write: Promise<T>, requestMs: number): Promise<T> {
    this.outstandingWrites++;
    this.longestRequestMs = Math.max(this.longestRequestMs, requestMs);
    try {
      return await write;
    } finally {
      this.outstandingWrites--;
      if (this.isStopping && this.outstandingWrites === 0) this.exit();
    }
  }

  private scheduleProbe(address: string | undefined): void {
    setTimeout(() => void this.probe(address), this.intervalMs).unref();
  }

  /**
   * Exits when no write is outstanding, at the latest after the longest timeout of one request. Must be called only after the
   * engine is gone or has requested the end of the process. `beforeWrite` then refuses any further request of a write
   * (`create-context.ts`), so no write needs more time.
   */
  stopAfterWrites(): void {
    this.isStopping = true;
    if (this.outstandingWrites === 0) this.exit();
    else setTimeout(this.exit, this.longestRequestMs).unref();
  }

  private async probe(address: string | undefined): Promise<void> {
    const isAlive = await this.isAlive(address);
    // Without an address, there is nothing to probe.
    if (isAlive === undefined) return;
    this.consecutiveMisses = isAlive ? 0 : this.consecutiveMisses + 1;
    if (this.consecutiveMisses < MAX_MISSES) {
      this.scheduleProbe(address);
      return;
    }
    this.stopAfterWrites();
  }
}

/**
 * Throws if a probe of the engine fails. A provider process outlives a killed engine, and a pending write would take effect
 * unnoticed, possibly after a later `up`.
 *
 * @throws `engine-gone`
 */
export async function requireEngine(address = findEngineAddress()): Promise<void> {
  if ((await isEngineAlive(address)) !== false) return;
  throw new OrgConnectionsError("engine-gone", {
    happened:
      "The Pulumi engine that requested this change is gone, so this process changes nothing more in Datadog.",
    advice: "Run `pulumi cancel` if the stack is locked, then `pulumi up --refresh`.",
  });
}

/**
 * Finds the address of the engine in the arguments of this process. The address is the last argument: flags such as `--logtostderr`
 * and `--tracing` come before it (pulumi/pulumi, sdk/go/common/resource/plugin/plugin.go, buildPluginArguments).
 */
export const findEngineAddress = (args: readonly string[] = process.argv.slice(2)): string | undefined =>
  args.at(-1);

/** Whether the engine still accepts network connections. Undefined if the argument is not an address. */
async function isEngineAlive(address: string | undefined): Promise<boolean | undefined> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  return host === undefined || port === undefined ? undefined : probe(host, Number(port));
}

const pendingProbes = new Map<string, Promise<boolean>>();

/** Probes the engine. Concurrent writes share one probe, because a set starts dozens of writes at the same time. */
function probe(host: string, port: number): Promise<boolean> {
  const key = `${host}:${port}`;
  const probing = pendingProbes.get(key) ?? canConnect(host, port).finally(() => pendingProbes.delete(key));
  pendingProbes.set(key, probing);
  return probing;
}
