import { FaultList } from "./fault-list.js";
import { RateLimiter, type RateLimitOptions } from "./rate-limit.js";
import { RequestLog } from "./request-log.js";
import { builtInSeed, type SandboxSeed } from "./seed.js";
import { SentinelMemory } from "./sentinels.js";
import { Store } from "./store.js";

/** How a sandbox is set up. All of it may be left out. */
export interface SandboxOptions {
  /** Default 0: a free port. It listens on 127.0.0.1 only, since its keys are known to everybody. */
  port?: number;
  /**
   * Where organizations and connections outlive a restart. Read at the start, when it then outranks `seed`; written
   * before each answer that tells of a change.
   */
  stateFile?: string;
  /** Default: {@link builtInSeed}. */
  seed?: SandboxSeed;
  /** Requests per organization. Default: no limit, and no rate limit headers. */
  rateLimit?: RateLimitOptions;
  /** A wait before each request is looked at. Default 0. */
  latencyMs?: number;
  /** The clock of `created_at`, `Date` and the rate limit. Default: the machine's. */
  now?: () => Date;
}

/** All that one sandbox knows; nothing is shared between two of them. */
export interface World {
  store: Store;
  faults: FaultList;
  log: RequestLog;
  limiter: RateLimiter;
  sentinels: SentinelMemory;
  latencyMs: number;
  now: () => Date;
}

/** The world at the start. */
export function createWorld(options: SandboxOptions): World {
  const now = options.now ?? (() => new Date());
  return {
    store: new Store(options.seed ?? builtInSeed, options.stateFile, now),
    faults: new FaultList(),
    log: new RequestLog(),
    limiter: new RateLimiter(options.rateLimit, now),
    sentinels: new SentinelMemory(),
    latencyMs: options.latencyMs ?? 0,
    now,
  };
}
